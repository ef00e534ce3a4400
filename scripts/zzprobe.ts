import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../src/device/device.js";
async function main(){
for (const d of ["cpu","wasm"] as const){ await openDevice(d);
console.log(d, tf.sign(tf.tensor1d([0.5,-0.5,.9,1.5,-1.5,1e-4,1e-5,1e-3,2e-7,3e-6,1e-6])).dataSync());
}}
main();
