// Reads every .tf file below the folder with a real HCL parser; a file that does not parse ends it.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@cdktf/hcl2json";

let count = 0;
async function walk(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name === "npm") continue;
    if (statSync(path).isDirectory()) await walk(path);
    else if (/\.(tf|hcl)$/.test(name)) {
      await parse(path, readFileSync(path, "utf8"));
      count++;
    }
  }
}
await walk(process.argv[2]);
console.log(`${count} files parse`);
if (count === 0) process.exit(1);
