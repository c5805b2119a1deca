import { parentPort } from "node:worker_threads";
import { answerValidation, type ValidationQuestion } from "./validation-answer.ts";

const port = parentPort;
if (port === null) throw new Error("runs as a worker thread only");
port.on("message", (question: ValidationQuestion) => port.postMessage(answerValidation(question)));
