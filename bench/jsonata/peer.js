/*
 * peer.js - how fast npm's jsonata evaluates the cases: the other side of bench_jsonata.
 *
 * Usage: node peer.js CASES MODULE: prints a line {"id","ns","compile_ns"} for each case; ns is the
 * best of many short windows, the expression compiled before, one evaluation after the other.
 */
'use strict';
const fs = require('fs');
const path = require('path');
const cases = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const jsonata = require(path.resolve(process.argv[3]));
const WINDOWS = 30, WINDOW_MS = 30;

/* The same thousand items as in bench_jsonata.c. */
cases.data.big = { items: Array.from({ length: 1000 }, (_, i) => ({
    id: i, name: 'item ' + i, active: (i * 7) % 11 < 5, price: ((i * 7919) % 9900) / 100 + 1, qty: (i % 9) + 1 })) };

async function best(work) {
    let ns = Infinity;
    for (let w = 0; w < WINDOWS; w++) {
        const start = process.hrtime.bigint(), end = start + BigInt(WINDOW_MS) * 1000000n;
        let n = 0, now = start;
        do {
            for (let i = 0; i < 4; i++) await work();
            n += 4;
            now = process.hrtime.bigint();
        } while (now < end);
        ns = Math.min(ns, Number(now - start) / n);
    }
    return ns;
}

(async () => {
    for (const row of cases.rows) {
        const expression = jsonata(row.expr), input = row.data ? cases.data[row.data] : undefined;
        const result = JSON.stringify(await expression.evaluate(input, row.bindings));
        const ns = await best(() => expression.evaluate(input, row.bindings));
        const compile = await best(() => jsonata(row.expr));
        console.log(JSON.stringify({ id: row.id, ns, compile_ns: compile, result }));
    }
})();
