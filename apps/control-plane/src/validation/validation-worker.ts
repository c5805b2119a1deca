import { parentPort } from "node:worker_threads";
import { answerQuestion } from "./answer-question.ts";
import type { WorkerQuestion } from "./worker-question.ts";

const port = parentPort;
if (port === null) throw new Error("runs as a worker thread only");
port.on("message", (question: WorkerQuestion) => port.postMessage(answerQuestion(question)));
