/*
 * compare.js - the engine against npm's jsonata: same expressions, same inputs, same answers?
 *
 * Usage: node compare.js --runner PROGRAM [--jsonata FOLDER] [--count N] [--seed N] [--version 2.2]
 *        [--show N] [--suite FOLDER] [--out FILE]
 * --jsonata: where the package is installed (default: jsonata as node finds it).
 * --suite: mutates the expressions of the published suite instead of generating new ones.
 * Compares values, and of errors code, message, token and position.  What doc/jsonata-conformance.md
 * explains is counted apart.  Exit 1 when something unexplained differs.
 */
'use strict';
const { spawn } = require('child_process');
const fs = require('fs');
const path = require('path');
const { Generator, Random } = require('./generate.js');

function options() {
    const o = { count: 10000, seed: 1, show: 20, version: '2.0.6' };
    for (let i = 2; i < process.argv.length; i += 2) o[process.argv[i].replace(/^--/, '')] = process.argv[i + 1];
    o.count = Number(o.count);
    o.seed = Number(o.seed);
    return o;
}

/* ---- the original ---- */

class Timeout extends Error {}

/* Evaluates with a bound on steps: an endless loop of promises can't be interrupted from outside. */
async function original(jsonata, expr, input) {
    try {
        const e = jsonata(expr);
        let steps = 0, depth = 0;
        const guard = () => {
            if (++steps > 20000 || ++depth > 500) throw new Timeout();
        };
        e.assign(Symbol.for('jsonata.__evaluate_entry'), guard);
        e.assign(Symbol.for('jsonata.__evaluate_exit'), () => depth--);
        const before = JSON.stringify(input), result = await e.evaluate(input);
        text(result, true); /* a value that contains itself fails here */
        return { result, changed: JSON.stringify(input) !== before };
    } catch (x) {
        if (x instanceof Timeout || x instanceof RangeError) return { skipped: true };
        return { error: x };
    }
}

/* The time stands still, and built-in functions forget where they were called last: jsonata keeps that
   from one evaluation to the next. */
const NOW = 1700000000123;
const RealDate = Date;
global.Date = class extends RealDate {
    constructor(...args) {
        super(...(args.length ? args : [NOW]));
    }
};
let builtins = [];
async function collectBuiltins(jsonata) {
    const names = fs.readFileSync(path.join(__dirname, '../../../runtime/expr/jsonata_functions.def'), 'utf8').match(/BUILTIN\(\w+/g);
    for (const n of names) {
        const f = await jsonata('$' + n.slice(8)).evaluate();
        if (f) builtins.push(f);
    }
}
function forget() {
    for (const f of builtins) {
        delete f.token;
        delete f.position;
    }
}

const isFunction = (v) => typeof v === 'function' || (v && typeof v === 'object' && (v._jsonata_lambda || v._jsonata_function));

/* A value without functions, as text; the order of members counts. */
function text(v, top) {
    if (isFunction(v)) return top ? 'function' : undefined;
    if (Array.isArray(v)) return '[' + Array.from(v, (x) => text(x) || 'null').join(',') + ']';
    if (v && typeof v === 'object') {
        const parts = [];
        for (const k of Object.keys(v)) {
            const t = text(v[k]);
            if (t !== undefined) parts.push(JSON.stringify(k) + ':' + t);
        }
        return '{' + parts.join(',') + '}';
    }
    return JSON.stringify(v === undefined && top ? 'undefined' : v);
}

function problem(a) {
    const e = a.error;
    return { code: e.code || '', message: e.message, token: e.token, position: e.position };
}

/* ---- what is known to differ ---- */

/* Gives a reason when the difference is one that doc/jsonata-conformance.md explains. */
function explained(c, theirs, reply) {
    const mine = reply.error, their = theirs.error;
    if (mine && /^Regular expression .* is not supported/.test(mine.message || '')) return 'a regular expression that is refused';
    if (mine && mine.code === 'U1001') return 'a bound of ours';
    if (their && /Maximum call stack|Invalid array length|Invalid string length|out of memory/.test(their.message)) return 'a bound of JavaScript';
    if (their && mine && /[[{]/.test(c.expr)) return 'which of two errors in a constructor comes first';
    if (/\$w\d+ :=/.test(c.expr) && /\[[^\]]*:=|\{[^}]*:=/.test(c.expr)) return 'binding inside of a constructor';
    if (/an argument of a function that is applied partially|argument \d+ of a function that is applied partially|can't be applied partially/.test((mine || {}).message || '')) return 'types of partially applied built-in functions';
    if (theirs.result !== undefined && /\[null\]/.test(text(theirs.result, true)) && /\[\]/.test(JSON.stringify(c.input) + c.expr) && /\{/.test(c.expr)) return 'an empty array that jsonata-js puts undefined into';
    if (/_jsonata_(lambda|function)|circular structure/.test((their || {}).message || '')) return 'functions as objects of JavaScript';
    if (/\|\s*(function|\$[a-z]+\b|\/)/.test(c.expr)) return 'functions as objects of JavaScript';
    if (reply.status === 4 && /\|/.test(c.expr)) return 'an object that a transform puts into itself';
    if (/\bin\b/.test(c.expr) && /\[\]|\{\}/.test(JSON.stringify(c.input) + c.expr)) return 'identity of an empty array or object';
    if (/formatBase/.test(c.expr) && /[0-9a-z]{13}0/.test(text(theirs.result, true) || '')) return 'digits beyond the precision of a number in $formatBase';
    if (/"ancestry"|"_jsonata_lambda"|"thunk"/.test(text(theirs.result, true) || '')) return 'functions as objects of JavaScript';
    if (/\$replace/.test(c.expr) && /function|λ/.test(c.expr)) return 'functions as texts of JavaScript';
    if (/\*/.test(c.expr) && /(function|λ) ?\(|:= ?\$[a-z]\w*\b(?!\()/i.test(c.expr)) return 'functions as objects of JavaScript';
    if (/async function|\(\.\.\.params\)|f,u,n,c,t|"f","u","n"/.test(text(theirs.result, true) || '')) return 'functions as texts of JavaScript';
    if (/\|[^|]*\|[^|]*"\d+"/.test(c.expr)) return 'a transform that changes an array';
    if (/function ?\(/.test(text(theirs.result, true))) return 'functions as texts of JavaScript';
    if (/a function$/.test((mine || {}).message || '') || /convert object to primitive/.test((their || {}).message || '')) return 'functions as objects of JavaScript';
    if (/\/\(\s*(function|λ)|\$(map|filter|sift|each|single)\((function|\/)/.test(c.expr) || /async function/.test((their || {}).message || '')) return 'functions as texts of JavaScript';
    if (/(function|λ)\s*\([^)]*\)\s*</.test(c.expr) && /(function|λ)\s*\([^)]*\)\s*<(?![a-z<>():?+-]*>)|-\?|\?\?|\+\?|\?\+|\+\+|\?-|--|\+-|-\+|<\([^)]*>|<[-?+]|\(\)/.test(c.expr)) return 'a malformed signature';
    if (/"definition":"</.test(text(theirs.result, true))) return 'functions as objects of JavaScript';
    if (/\|\s*\*\*/.test(c.expr)) return 'an object that a transform changes after it was taken';
    if (/\(\[[^]*\.%/.test(c.expr)) return 'the parent of what an array constructor gives';
    if (/,\s*\/[^/]*\/[im]*\)|\$append\(\?|: \$[a-z]+\}|\{ ?\$[a-zA-Z]+ ?\}/.test(c.expr)) return 'functions as objects of JavaScript';
    if (/\$parseInteger/.test(c.expr)) return 'the last bits of powers';
    if (/\$power/.test(c.expr) && /formatBase/.test(c.expr)) return 'the last bits of powers';
    if (/\$power|\$parseInteger/.test(c.expr) && close(text(theirs.result, true), text(reply.result, true))) return 'the last bits of powers';
    if (their && mine && their.code === mine.code && their.message === mine.message && /function|λ/.test(c.expr)) return 'the position of an error in a function that was passed on';
    if (theirs.changed) return 'an input that jsonata-js changes';
    if (/constructor|__proto__|toString|valueOf|hasOwnProperty/.test(c.expr)) return 'names of JavaScript objects';
    return undefined;
}

/* Texts that differ only in the last bits of their numbers. */
function close(a, b) {
    const number = /-?\d+(\.\d+)?([eE][-+]?\d+)?/g;
    if (!a || !b || a.replace(number, '#') !== b.replace(number, '#')) return false;
    const x = a.match(number) || [], y = b.match(number) || [];
    return x.every((v, i) => v === y[i] || Math.abs(v - y[i]) <= 1e-14 * Math.abs(v));
}

/* ---- comparing ---- */

function same(theirs, reply) {
    if (theirs.error) {
        if (!reply.error) return 'error expected';
        const a = problem(theirs), b = reply.error;
        if (a.code !== (b.code || '')) return 'code';
        if (a.message !== b.message) return 'message';
        if (text(a.token) !== text(b.token)) return 'token';
        if (a.position !== b.position) return 'position';
        return undefined;
    }
    if (reply.error) return 'value expected';
    const a = text(theirs.result, true);
    const b = reply.undefined ? '"undefined"' : reply.function ? 'function' : text(reply.result, true);
    return a === b ? undefined : 'value';
}

/* Chance and time differ from run to run; exponents in pictures send 2.0.6 into endless loops. */
const unusable = (expr) => /\$(random|shuffle|now|millis|eval)|formatNumber[^]*e/.test(expr);

function* suiteCases(folder, seed) {
    const r = new Random(seed), g = new Generator(seed), all = [], datasets = {};
    const root = path.join(folder, 'groups');
    for (const group of fs.readdirSync(root)) {
        for (const file of fs.readdirSync(path.join(root, group))) {
            if (!file.endsWith('.json')) continue;
            const content = JSON.parse(fs.readFileSync(path.join(root, group, file), 'utf8'));
            for (const c of Array.isArray(content) ? content : [content]) {
                if (c['expr-file']) c.expr = fs.readFileSync(path.join(root, group, c['expr-file']), 'utf8');
                if (c.timelimit || unusable(c.expr)) continue;
                all.push(c);
            }
        }
    }
    const dataset = (name) => datasets[name] || (datasets[name] = JSON.parse(fs.readFileSync(path.join(folder, 'datasets', name + '.json'), 'utf8')));
    for (;;) {
        const c = r.pick(all);
        let expr = c.expr;
        if (r.chance(0.3)) { /* a piece of another expression in place of a piece of this one */
            const other = r.pick(all).expr, at = r.below(expr.length), to = r.below(other.length);
            expr = expr.slice(0, at) + other.slice(to, to + r.below(20)) + expr.slice(at + r.below(10));
        } else {
            expr = g.damage(expr);
        }
        const input = r.chance(0.8) ? (c.dataset ? dataset(c.dataset) : c.data) : g.input();
        if (!unusable(expr)) yield { expr, input };
    }
}

function* generated(seed) {
    const g = new Generator(seed);
    for (;;) yield g.next();
}

/* Talks to the runner in batches. */
class Runner {
    constructor(program) {
        this.child = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] });
        this.buffer = [];
        this.waiting = [];
        this.rest = '';
        this.child.stdout.setEncoding('utf8');
        this.child.stdout.on('data', (d) => this.read(d));
        this.child.on('exit', (code) => {
            if (this.waiting.length) {
                console.log('the runner ended with ' + code + ' on: ' + this.waiting[0].line);
                process.exit(2);
            }
        });
    }
    read(data) {
        const lines = (this.rest + data).split('\n');
        this.rest = lines.pop();
        for (const l of lines) this.waiting.shift().resolve(JSON.parse(l));
    }
    ask(request) {
        const line = JSON.stringify(request);
        return new Promise((resolve) => {
            this.waiting.push({ line, resolve });
            this.child.stdin.write(line + '\n');
        });
    }
    end() {
        this.child.stdin.end();
    }
}

async function main() {
    const o = options();
    const jsonata = require(o.jsonata ? path.resolve(o.jsonata) : 'jsonata');
    await collectBuiltins(jsonata);
    const runner = new Runner(o.runner);
    const source = o.suite ? suiteCases(o.suite, o.seed) : generated(o.seed);
    const counts = { same: 0, skipped: 0, errors: 0, different: 0 }, reasons = {}, kinds = {};
    const started = RealDate.now();
    for (let done = 0; done < o.count;) {
        const batch = [];
        while (batch.length < 200 && done < o.count) {
            const c = source.next().value;
            done++;
            const request = { expr: c.expr, input: c.input, timeLimitMs: 300, now: NOW };
            if (o.version === '2.2') request.version = '2.2';
            batch.push({ c, reply: runner.ask(request) });
        }
        for (const { c, reply } of batch) {
            const input = c.input === undefined ? undefined : JSON.parse(JSON.stringify(c.input));
            forget();
            const theirs = await original(jsonata, c.expr, input);
            const mine = await reply;
            if (theirs.skipped) {
                counts.skipped++;
                continue;
            }
            if (theirs.error) counts.errors++;
            const why = same(theirs, mine);
            if (why === undefined) {
                counts.same++;
                continue;
            }
            const reason = explained(c, theirs, mine);
            if (reason !== undefined) {
                reasons[reason] = (reasons[reason] || 0) + 1;
                continue;
            }
            counts.different++;
            kinds[why] = (kinds[why] || 0) + 1;
            if (counts.different <= o.show) {
                console.log('DIFFERENT (' + why + '): ' + c.expr);
                console.log('  input  ' + JSON.stringify(c.input));
                console.log('  theirs ' + (theirs.error ? JSON.stringify(problem(theirs)) : text(theirs.result, true)));
                console.log('  ours   ' + JSON.stringify(mine));
            }
        }
    }
    runner.end();
    const seconds = (RealDate.now() - started) / 1000;
    console.log('seed ' + o.seed + ': ' + o.count + ' evaluations in ' + seconds.toFixed(0) + ' s: ' + counts.same + ' the same (' +
        counts.errors + ' errors), ' + counts.skipped + ' not run to the end, ' + counts.different + ' different');
    for (const r of Object.keys(kinds)) console.log('  ' + kinds[r] + ' by ' + r);
    for (const r of Object.keys(reasons)) console.log('  ' + reasons[r] + ' explained: ' + r);
    process.exit(counts.different ? 1 : 0);
}

main();
