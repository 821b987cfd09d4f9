// validate.mjs - the peer of the checking benchmark: asl-validator over files, in one process.
//   node validate.mjs ROUNDS FILE...   prints the processor time of each round in seconds, as JSON
import { readFileSync } from "node:fs";
import validator from "asl-validator";

const [rounds, ...files] = process.argv.slice(2);
const texts = files.map((f) => readFileSync(f, "utf8"));
const seconds = [];
let crashed = 0;
for (let round = 0; round < Number(rounds); round++) {
  const start = process.cpuUsage();
  crashed = 0;
  for (const text of texts) {
    try {
      validator(JSON.parse(text));
    } catch {
      crashed++;
    }
  }
  const used = process.cpuUsage(start);
  seconds.push((used.user + used.system) / 1e6);
}
console.log(JSON.stringify({ seconds, files: files.length, crashed }));
