/** A thread of `bimonnc run --jobs`: opens the network for itself, then answers pictures. */
import { InternalError } from "../../diagnostics.js";
import { serveTasks } from "../../run/serve-tasks.js";
import { openNetwork } from "../network.js";
import { answerPictures } from "./answer-pictures.js";
import type { PictureReply, PictureTask, PictureWorkerData } from "./worker-messages.js";

serveTasks(async (data) => {
  // The command that starts this file sends nothing else.
  const { network: prepared, choice } = data as PictureWorkerData;
  const network = await openNetwork(prepared);
  return async (task) => {
    const { paths, stdin } = task as PictureTask;
    const readStdin = async (): Promise<Uint8Array> => {
      if (stdin === null) throw new InternalError("standard input was not handed over");
      return stdin;
    };
    const answer: PictureReply = await answerPictures(network, paths, choice, { io: { readStdin } });
    return { answer, transfer: answer.flatMap(({ files }) => files.map((file) => file.buffer)) };
  };
});
