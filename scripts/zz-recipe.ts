import { openDevice } from "../src/device/device.js";
import { createOperatorSet } from "../src/data/operator-set.js";
import { createDiskorect } from "../src/data/diskorect.js";
import { createNoisySticks } from "../src/data/noisy-sticks.js";
import { recipeFor } from "../src/trainer/recipes/recipes.js";
import { decodeConfig } from "../src/trainer/decode-config.js";
import { train } from "../src/trainer/train.js";
import { scoreCompiled } from "../src/cli/train/compiled-score.js";
const dev=await openDevice("wasm"); console.log(dev.description);
for (const spec of process.argv.slice(2)) {
const [task,element,seed="0"]=spec.split(":");
const r:any=recipeFor(task as any,{element:element!,folder:"",classes:1});
const over=JSON.parse(process.env.O??"null"); if(over){r.networks=over.networks??r.networks;Object.assign(r.training,over.training??{});}
const cfg=decodeConfig({...r,seed:+seed,data:{...r.data,seed:+seed}});
const d:any=cfg.data;
const mk=(split:any,count:any)=>d.kind==="operator"?createOperatorSet(createDiskorect(d.pictures.generator,{seed:d.seed,split,count}),d):createNoisySticks(d.generator,{seed:d.seed,split,count});
const t0=performance.now(); let tn="";
const out:any=await train(cfg,{training:mk("training",null),validation:mk("validation",200),test:mk("test",500)},{onTrial:(l,s)=>{tn=l.toFixed(4)},onLook:(l)=>{if(process.env.V)console.log(l.step,l.phase,l.loss.toFixed(5),l.float.toFixed(4),l.bits.toFixed(4),l.activated)}});
const sec=(performance.now()-t0)/1000;
let c:any={}; try{c=await scoreCompiled(out.model,mk("test",500),()=>{});}catch(e:any){c={score:e.message}}
console.log(spec,'start',JSON.stringify(out.start),'float',out.test.float.toFixed(4),'bits',out.test.bits.toFixed(4),'compiled',c.score,c.grade,'s',sec.toFixed(0),'looks',out.looks.filter((l:any,i:number,a:any)=>i===a.length-1||a[i+1].phase!==l.phase).map((l:any)=>`${l.phase} ${l.float.toFixed(4)}/${l.bits.toFixed(4)}`).join(' | '));
}
