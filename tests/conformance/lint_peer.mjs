// What npm's asl-validator says of machines: reads the names of files from standard input, one a line,
// prints {"file": number of its errors} as JSON.  -1: it threw.  The package is found from the folder
// in the first argument.
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';
import {resolve} from 'node:path';

const require = createRequire(resolve(process.argv[2]) + '/');
const module = require('asl-validator');
const validate = module.default ?? module;
const found = {};
for (const file of readFileSync(0, 'utf8').split('\n').filter(name => name !== '')) {
    try {
        const result = validate(JSON.parse(readFileSync(file, 'utf8')));
        found[file] = result.isValid ? 0 : result.errors.length;
    } catch {
        found[file] = -1;
    }
}
console.log(JSON.stringify(found));
