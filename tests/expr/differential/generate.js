/*
 * generate.js - random JSONata expressions with random inputs, the same for the same seed.
 *
 * In: a seed.  Out: {expr, input}.  Expressions are built by the type that is wanted of them, so that
 * most of them run; now and then another type is taken, so that errors come up as well.  A part of
 * the expressions is broken afterwards, token by token, for the parser's errors.
 */
'use strict';

class Random {
    constructor(seed) {
        this.state = (seed * 2654435761 + 1) >>> 0;
    }
    next() { /* mulberry32 */
        this.state = (this.state + 0x6d2b79f5) >>> 0;
        let t = this.state;
        t = Math.imul(t ^ (t >>> 15), t | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    }
    below(n) {
        return Math.floor(this.next() * n);
    }
    chance(p) {
        return this.next() < p;
    }
    pick(list) {
        return list[this.below(list.length)];
    }
}

const NAMES = ['a', 'b', 'c', 'd', 'e', 'items', 'name', 'n', '`x y`', 'Z1'];
const KEYS = ['a', 'b', 'c', 'd', 'e', 'items', 'name', 'n', 'x y', 'Z1', '2', '10', 'é'];
const STRINGS = ['', 'a', 'b', 'abc', 'Hello World', ' x  y ', 'aXbXc', '12', '1.5', '-3e2', 'true',
    'é', 'ß', 'ΑΣ', 'straße', '😀', 'a😀b', '中文', 'İ', '\ud83d', '\ude00z', 'a,b,c', '0x1F', '0b11',
    '2017-11-07T15:07:54.972Z', '2018-02-03', 'MCMXCIX', 'twenty-one', '12th', 'line\nbreak', 'q"q',
    'The quick brown fox', 'aaa', 'abab', '10', '2', 'Z', 'z', 'ﬀ', 'ſ', '\u212a'];
const NUMBERS = ['0', '1', '2', '3', '5', '7', '10', '12', '100', '0.5', '1.5', '2.5', '0.1', '0.2', '3.14159',
    '1e3', '1e21', '1e-7', '123456789', '1234.5678', '9007199254740993', '0.000001', '1e100', '255',
    '1510067557121', '5890840712243076', '0.3', '4.35', '1.005', '12345.6789', '-0.5'];
const REGEXES = ['/a/', '/[a-z]+/', '/(a)(b)?/', '/\\s+/', '/b/i', '/^a/', '/c$/', '/x*/', '/./', '/\\d+/',
    '/(?:a|b)+/', '/[^a-z]/', '/(o)(.)/', '/A/i', '/\\bq/', '/,/', '/X/', '/l+/', '/(a)|(b)/', '/[é-ü]/i',
    '/^\\w+$/m', '/a{2,3}/', '/(?=b)/', '/ß/i', '/σ/i', '/k/i', '/(a|(b))+/', '/\\u0061/', '/[\\s\\S]/',
    '/(.)\\1/', '/a+?/', '/(?<!a)b/', '/s/i', '/[a-c]+/i', '/(\\w+)\\s(\\w+)/', '/$/', '/😀/', '/[😀]/'];
const PICTURES = ['#,##0.00', '0', '00', '#', '0.0', '#.##', '0%', '#,###', '00.00e0', '0.###', '#0.00;(#0.00)',
    '\'x\'0', '0‰', '#,##,##0', '0,0', '.00', '#.', '0e0', '##0.0#', '$#,##0.00', '0.000,0', '(0)', '#e0'];
const INTEGER_PICTURES = ['0', '00', '#,##0', 'w', 'W', 'Ww', 'I', 'i', 'A', 'a', 'w;o', '0;o', 'Ww;o', '000',
    '#\'##0', '٠', '0,000', '#,##,##0', '0-00', '##;o', 'x', '0.0', '#', '0٠'];
const DATE_PICTURES = ['[Y0001]-[M01]-[D01]', '[H01]:[m01]:[s01]', '[D1o] [MNn] [Y]', '[FNn]', '[MN,*-3] [D]',
    '[Y]-[M]-[D]T[H]:[m]:[s].[f001][Z]', '[h]:[m] [P]', '[X]-W[W01]-[F1]', '[d]', '[w]', '[x]', '[Z]',
    '[z]', '[Z01:01t]', '[Y,2]', '[Y,2-2]', '[MNn,3-3]', '[[lit]] [Y]', '[Yi]', '[YI]', '[Dw]', '[DWwo]',
    '[PN]', '[C]', '[E]', '[q]', '[H', '[M01]/[D01]/[Y0001]', '[Y9,999,*]', '[Y٠٠٠٠]', '[ZN]', '[Z0]',
    '[Z0000]', '[FN]', '[MA]', '[F1o]', '[D,2]', '[m] [s]', '[Y]'];
const ZONES = ['+0000', '+0530', '-0500', '-0330', '+1', 'x', '0', '-0030'];

class Generator {
    constructor(seed) {
        this.r = new Random(seed);
        this.variables = []; /* {name, type} in scope */
        this.counter = 0;
        this.budget = 0;
    }

    /* ---- inputs ---- */

    value(depth) {
        const r = this.r, k = r.below(depth > 3 ? 6 : 11);
        if (k < 2) return Number(r.pick(NUMBERS));
        if (k < 4) return r.pick(STRINGS);
        if (k === 4) return r.chance(0.5);
        if (k === 5) return r.chance(0.3) ? null : r.below(10);
        if (k < 8) return this.list(depth);
        const o = {};
        for (let i = r.below(5); i > 0; i--) o[r.pick(KEYS)] = this.value(depth + 1);
        return o;
    }

    list(depth) {
        const r = this.r, n = r.below(5), out = [];
        const like = r.chance(0.6) ? r.below(4) : -1; /* mostly of one kind */
        for (let i = 0; i < n; i++) {
            if (like === 0) out.push(Number(r.pick(NUMBERS)));
            else if (like === 1) out.push(r.pick(STRINGS));
            else if (like === 2) out.push({ a: this.value(depth + 2), b: r.below(5), name: r.pick(STRINGS) });
            else out.push(this.value(depth + 1));
        }
        return out;
    }

    input() {
        const r = this.r;
        if (r.chance(0.05)) return undefined;
        if (r.chance(0.1)) return this.list(0);
        if (r.chance(0.05)) return this.value(0);
        const o = {};
        for (const k of ['a', 'b', 'c', 'd', 'items', 'name', 'n']) if (r.chance(0.8)) o[k] = this.value(1);
        if (r.chance(0.5)) o.items = this.objects();
        return o;
    }

    objects() {
        const out = [];
        for (let i = this.r.below(5); i > 0; i--) {
            out.push({ a: this.r.below(9), b: this.r.pick(STRINGS), c: this.list(2), n: Number(this.r.pick(NUMBERS)) });
        }
        return out;
    }

    /* ---- literals ---- */

    string() {
        const s = this.r.pick(STRINGS);
        return this.r.chance(0.5) ? JSON.stringify(s)
            : "'" + JSON.stringify(s).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\u0027") + "'";
    }

    number() {
        const n = this.r.pick(NUMBERS);
        return this.r.chance(0.15) && n[0] !== '-' ? '-' + n : n;
    }

    /* ---- expressions by type ---- */

    expr(type, depth) {
        const r = this.r;
        if (r.chance(0.06)) type = r.pick(['number', 'string', 'boolean', 'array', 'object', 'any', 'function']);
        if (depth > 5 || --this.budget < 0) return this.leaf(type);
        if (r.chance(0.12)) return this.path(depth);
        if (r.chance(0.05)) return this.block(type, depth);
        if (r.chance(0.05)) return '(' + this.expr('boolean', depth + 1) + ' ? ' + this.expr(type, depth + 1) +
            (r.chance(0.8) ? ' : ' + this.expr(type, depth + 1) : '') + ')';
        if (r.chance(0.03)) return this.apply(type, depth);
        switch (type) {
        case 'number': return this.numberExpr(depth + 1);
        case 'string': return this.stringExpr(depth + 1);
        case 'boolean': return this.booleanExpr(depth + 1);
        case 'array': return this.arrayExpr(depth + 1);
        case 'object': return this.objectExpr(depth + 1);
        case 'function': return this.functionExpr(depth + 1, r.pick([1, 1, 2, 2, 3]));
        default: return this.expr(r.pick(['number', 'string', 'boolean', 'array', 'object', 'array']), depth);
        }
    }

    variable(type) {
        const list = this.variables.filter((v) => v.type === type || v.type === 'any');
        return list.length ? '$' + this.r.pick(list).name : undefined;
    }

    leaf(type) {
        const r = this.r;
        const v = r.chance(0.5) ? this.variable(type) : undefined;
        if (v) return v;
        if (r.chance(0.35)) return r.pick(NAMES) + (r.chance(0.3) ? '.' + r.pick(NAMES) : '');
        switch (type) {
        case 'number': return this.number();
        case 'string': return this.string();
        case 'boolean': return r.pick(['true', 'false']);
        case 'array': return '[' + Array.from({ length: r.below(4) }, () => r.chance(0.6) ? this.number() : this.string()).join(',') + ']';
        case 'object': return r.pick(['{}', '{"a":1}', '{"b":2,"a":"x"}', '{"2":1,"x":3,"1":2}']);
        case 'function': return r.pick(['$string', '$length', '$sum', '$uppercase', '$not', '$exists', '$abs', 'function($x){$x}', 'function($x,$y){$x}']);
        default: return r.pick(['null', 'nothing', '$', '*', '**', this.number(), this.string(), '$$']);
        }
    }

    numberExpr(d) {
        const r = this.r, n = () => this.expr('number', d), s = () => this.expr('string', d), a = () => this.expr('array', d);
        switch (r.below(26)) {
        case 0: case 1: case 2: return n() + ' ' + r.pick(['+', '-', '*', '/', '%']) + ' ' + n();
        case 3: return '(' + n() + ' ' + r.pick(['+', '-', '*', '/', '%']) + ' ' + n() + ')';
        case 4: return '-' + n();
        case 5: return '$sum(' + a() + ')';
        case 6: return '$count(' + a() + ')';
        case 7: return '$' + r.pick(['max', 'min', 'average']) + '(' + a() + ')';
        case 8: return '$length(' + s() + ')';
        case 9: return '$' + r.pick(['abs', 'floor', 'ceil', 'sqrt']) + '(' + n() + ')';
        case 10: return '$round(' + n() + (r.chance(0.6) ? ', ' + r.pick(['0', '1', '2', '-1', '-2', '3', '1.5', n()]) : '') + ')';
        case 11: return '$power(' + n() + ', ' + r.pick(['2', '3', '-1', '0.5', '10', n()]) + ')';
        case 12: return '$number(' + r.pick([s(), n(), this.expr('boolean', d)]) + ')';
        case 13: return '$parseInteger(' + s() + ', "' + r.pick(INTEGER_PICTURES) + '")';
        case 14: return '$toMillis(' + r.pick([s(), '"2017-11-07T15:07:54.972Z"', '"2018-02-03"']) + ')';
        case 15: return '$toMillis(' + r.pick(['"2017-11-07"', '"7th November 2017"', '"12:30:05"', '"2017-311"', '"Tuesday"', s()]) +
            ', "' + r.pick(DATE_PICTURES) + '")';
        case 16: return '$reduce(' + a() + ', function($p,$q){$p + $q}' + (r.chance(0.3) ? ', ' + n() : '') + ')';
        default: return this.leaf('number');
        }
    }

    stringExpr(d) {
        const r = this.r, s = () => this.expr('string', d), n = () => this.expr('number', d), a = () => this.expr('array', d);
        const pattern = () => r.chance(0.6) ? r.pick(REGEXES) : s();
        switch (r.below(34)) {
        case 0: case 1: case 2: return s() + ' & ' + this.expr(r.pick(['string', 'number', 'any']), d);
        case 3: case 4: return '$string(' + this.expr('any', d) + (r.chance(0.2) ? ', true' : '') + ')';
        case 5: return '$substring(' + s() + ', ' + r.pick(['0', '1', '-2', n()]) + (r.chance(0.6) ? ', ' + r.pick(['1', '2', '0', n()]) : '') + ')';
        case 6: return '$' + r.pick(['substringBefore', 'substringAfter']) + '(' + s() + ', ' + s() + ')';
        case 7: return '$' + r.pick(['uppercase', 'lowercase', 'trim']) + '(' + s() + ')';
        case 8: return '$pad(' + s() + ', ' + r.pick(['5', '-5', '0', '3', '12']) + (r.chance(0.6) ? ', ' + s() : '') + ')';
        case 9: return '$join(' + a() + (r.chance(0.7) ? ', ' + s() : '') + ')';
        case 10: case 11: return '$replace(' + s() + ', ' + pattern() + ', ' + (r.chance(0.2) ? 'function($m){$m.match & "!"}' :
            r.pick(['"-"', '"$1"', '"[$0]"', '"$$"', '"$2$1"', '"$12"', '"$a"', s()])) + (r.chance(0.3) ? ', ' + r.below(4) : '') + ')';
        case 12: { /* with an exponent, 2.0.6 loops for ever over 0, negative numbers and infinities */
            const picture = r.pick(PICTURES);
            return '$formatNumber(' + (picture.includes('e') ? r.pick(NUMBERS.filter((x) => Number(x) > 0)) : n()) + ', "' + picture + '")';
        }
        case 13: return '$formatBase(' + n() + (r.chance(0.8) ? ', ' + r.pick(['2', '8', '10', '16', '36', n()]) : '') + ')';
        case 14: return '$formatInteger(' + n() + ', "' + r.pick(INTEGER_PICTURES) + '")';
        case 15: return '$fromMillis(' + r.pick(['0', '1510067557121', '1519844112123', '-62135596800000', n()]) +
            (r.chance(0.8) ? ', "' + r.pick(DATE_PICTURES) + '"' + (r.chance(0.4) ? ', "' + r.pick(ZONES) + '"' : '') : '') + ')';
        case 16: return '$type(' + this.expr('any', d) + ')';
        case 17: return '$' + r.pick(['base64encode', 'base64decode', 'encodeUrl', 'encodeUrlComponent', 'decodeUrl', 'decodeUrlComponent']) + '(' + s() + ')';
        case 18: return '$string()';
        case 19: return s() + '.$' + r.pick(['uppercase()', 'length()', 'substring(1)', 'split("")', 'contains("a")']);
        case 20: return '$error(' + s() + ')';
        default: return this.leaf('string');
        }
    }

    booleanExpr(d) {
        const r = this.r, n = () => this.expr('number', d), s = () => this.expr('string', d), x = () => this.expr('any', d);
        switch (r.below(22)) {
        case 0: case 1: return n() + ' ' + r.pick(['<', '<=', '>', '>=']) + ' ' + n();
        case 2: return s() + ' ' + r.pick(['<', '<=', '>', '>=']) + ' ' + s();
        case 3: case 4: return x() + ' ' + r.pick(['=', '!=']) + ' ' + x();
        case 5: case 6: return this.expr('boolean', d) + ' ' + r.pick(['and', 'or']) + ' ' + this.expr('boolean', d);
        case 7: return x() + ' in ' + this.expr('array', d);
        case 8: return '$' + r.pick(['boolean', 'not', 'exists']) + '(' + x() + ')';
        case 9: return '$contains(' + s() + ', ' + (r.chance(0.5) ? r.pick(REGEXES) : s()) + ')';
        case 10: return '$assert(' + this.expr('boolean', d) + ', "m")';
        default: return this.leaf('boolean');
        }
    }

    arrayExpr(d) {
        const r = this.r, x = () => this.expr('any', d), a = () => this.expr('array', d), s = () => this.expr('string', d);
        const f = (n) => this.functionExpr(d, n);
        switch (r.below(40)) {
        case 0: case 1: case 2: return '[' + Array.from({ length: r.below(4) }, () => this.item(d)).join(', ') + ']';
        case 3: return '[' + r.below(4) + '..' + r.below(8) + ']';
        case 4: case 5: return '$map(' + a() + ', ' + f(r.pick([1, 1, 2, 3])) + ')';
        case 6: return '$filter(' + a() + ', ' + f(r.pick([1, 1, 2])) + ')';
        case 7: return '$append(' + x() + ', ' + x() + ')';
        case 8: return '$' + r.pick(['reverse', 'distinct']) + '(' + a() + ')';
        case 9: return '$sort(' + a() + (r.chance(0.4) ? ', function($l,$m){$l > $m}' : '') + ')';
        case 10: return '$keys(' + this.expr('object', d) + ')';
        case 11: return '$spread(' + x() + ')';
        case 12: return '$split(' + s() + ', ' + (r.chance(0.5) ? r.pick(REGEXES) : r.pick(['""', '" "', '"a"', s()])) + (r.chance(0.2) ? ', ' + r.below(4) : '') + ')';
        case 13: return '$match(' + s() + ', ' + r.pick(REGEXES) + (r.chance(0.2) ? ', ' + r.below(3) : '') + ')';
        case 14: return '$zip(' + a() + ', ' + a() + ')';
        case 15: return '$each(' + this.expr('object', d) + ', ' + f(r.pick([1, 2])) + ')';
        case 16: return '$lookup(' + x() + ', "' + r.pick(KEYS) + '")';
        case 17: return '$single(' + a() + ', ' + f(1) + ')';
        case 18: case 19: case 20: return this.path(d);
        case 21: return a() + '[' + this.predicate(d) + ']';
        case 22: return a() + '[]';
        case 23: return this.path(d) + '^(' + r.pick(['', '>', '<']) + r.pick(NAMES.concat(['$'])) + (r.chance(0.3) ? ', ' + r.pick(NAMES) : '') + ')';
        case 24: return this.joined(d);
        case 25: return '$.' + r.pick(['*', '**', '**.' + r.pick(NAMES), r.pick(NAMES)]);
        default: return this.leaf('array');
        }
    }

    item(d) {
        const r = this.r;
        return r.chance(0.12) ? r.below(3) + '..' + r.below(6) : this.expr('any', d);
    }

    objectExpr(d) {
        const r = this.r, key = () => r.chance(0.85) ? '"' + r.pick(KEYS) + '"' : this.expr('string', d);
        switch (r.below(18)) {
        case 0: case 1: case 2: case 3:
            return '{' + Array.from({ length: r.below(4) }, () => key() + ': ' + this.expr('any', d)).join(', ') + '}';
        case 4: return '$merge(' + this.expr('array', d) + ')';
        case 5: return '$sift(' + this.expr('object', d) + ', ' + this.functionExpr(d, r.pick([1, 2])) + ')';
        case 6: case 7: return this.path(d) + '{' + r.pick(['name', 'b', 'a', '$string(a)', '$string($)', this.expr('string', d)]) + ': ' + this.expr('any', d) + '}';
        case 8: case 9: return '(' + r.pick(['$', this.expr('object', d)]) + ' ~> |' + r.pick(NAMES.concat(['$', '**', 'items', 'items[0]'])) + '|' + this.expr('object', d) +
            (r.chance(0.3) ? ', ' + r.pick(['"a"', '["a","b"]', this.expr('string', d)]) : '') + '|)';
        case 10: return '$clone(' + this.expr('object', d) + ')';
        default: return this.leaf('object');
        }
    }

    functionExpr(d, count) {
        const r = this.r;
        if (r.chance(0.15)) return r.pick(['$string', '$length', '$sum', '$uppercase', '$not', '$exists', '$abs', '$keys', '$count', '$boolean']);
        if (r.chance(0.05)) return r.pick(REGEXES);
        if (r.chance(0.07)) return '$' + r.pick(['substring(?, 1)', 'append(?, 1)', 'join(?, "-")', 'power(?, 2)', 'replace(?, "a", "b")', 'map(?, $string)']);
        if (r.chance(0.05) && d < 4) return '(' + this.functionExpr(d + 1, 1) + ' ~> ' + this.functionExpr(d + 1, 1) + ')';
        const names = [];
        for (let i = 0; i < count; i++) names.push('v' + this.counter++);
        const kept = this.variables.length;
        for (let i = 0; i < count; i++) this.variables.push({ name: names[i], type: i === 0 ? 'any' : i === 1 ? 'number' : 'array' });
        const body = this.expr('any', d + 1);
        this.variables.length = kept;
        const signature = r.chance(0.08) ? r.pick(['<x:x>', '<s:s>', '<n-:n>', '<a<n>:n>', '<x?:x>', '<(ns)-:x>', '<s-n?:s>', '<a+:x>', '<f:x>', '<j>']) : '';
        return 'function(' + names.map((n) => '$' + n).join(', ') + ')' + signature + '{ ' + body + ' }';
    }

    predicate(d) {
        const r = this.r;
        switch (r.below(8)) {
        case 0: case 1: return String(r.below(4) - 1);
        case 2: return '[' + r.below(3) + ',' + r.below(3) + ']';
        case 3: return r.pick(NAMES) + ' ' + r.pick(['=', '>', '<', '!=']) + ' ' + this.leaf(r.pick(['number', 'string']));
        case 4: return '$ ' + r.pick(['=', '>', '<']) + ' ' + this.leaf(r.pick(['number', 'string']));
        case 5: return r.pick(NAMES);
        default: return this.expr(r.pick(['boolean', 'number', 'any']), d + 1);
        }
    }

    step(d) {
        const r = this.r, k = r.below(24);
        let s;
        if (k < 13) s = r.pick(NAMES);
        else if (k === 13) s = '*';
        else if (k === 14) s = '**';
        else if (k === 15) s = '(' + this.expr('any', d + 1) + ')';
        else if (k === 16) s = '[' + this.expr('any', d + 1) + ']';
        else if (k === 17) s = '{"k": ' + this.expr('any', d + 1) + '}';
        else if (k === 18) s = '$' + r.pick(['string()', 'keys()', 'length()', 'sum(a)', 'count(b)', 'uppercase(name)']);
        else if (k === 19) s = '$';
        else if (k === 20) s = '%';
        else if (k === 21) s = '"' + r.pick(KEYS) + '"';
        else s = r.pick(NAMES);
        while (r.chance(0.18)) s += '[' + this.predicate(d + 1) + ']';
        if (r.chance(0.04)) s += '[]';
        return s;
    }

    path(d) {
        const r = this.r;
        const v = this.variable('any');
        let p = r.chance(0.2) && v ? v : r.pick(['items', 'items', 'a', '$', '$$', this.step(d + 1), this.step(d + 1)]);
        for (let i = r.below(4); i > 0; i--) p += '.' + this.step(d + 1);
        if (r.chance(0.06)) p += '^(' + r.pick(['', '>']) + r.pick(NAMES.concat(['$'])) + ')';
        if (r.chance(0.04)) p += '[' + this.predicate(d + 1) + ']';
        return p;
    }

    /* Paths that bind: @$v, #$i, and look at their parents. */
    joined(d) {
        const r = this.r, kept = this.variables.length;
        let p = r.pick(['items', 'a', '$', '$$.items']);
        for (let i = 1 + r.below(2); i > 0; i--) {
            const name = 'j' + this.counter++;
            const mark = r.chance(0.5) ? '@' : '#';
            p += mark + '$' + name;
            this.variables.push({ name, type: mark === '#' ? 'number' : 'any' });
            if (r.chance(0.3)) p += '[' + this.predicate(d + 1) + ']';
            p += '.' + this.step(d + 1);
        }
        if (r.chance(0.3)) p += '^(' + r.pick(NAMES) + ')';
        if (r.chance(0.5)) p += '.' + r.pick(['{"x": ' + this.expr('any', d + 1) + '}', '(' + this.expr('any', d + 1) + ')', '%.' + r.pick(NAMES), '[' + this.leaf('number') + ', ' + this.leaf('any') + ']']);
        if (r.chance(0.15)) p += '{' + r.pick(['name', '$string($)', '"k"']) + ': ' + this.expr('any', d + 1) + '}';
        this.variables.length = kept;
        return p;
    }

    block(type, d) {
        const r = this.r, kept = this.variables.length, parts = [];
        for (let i = r.below(3); i > 0; i--) {
            const t = r.pick(['number', 'string', 'array', 'object', 'any', 'function']);
            const name = r.chance(0.8) ? 'w' + this.counter++ : 'w0';
            parts.push('$' + name + ' := ' + this.expr(t, d + 1));
            this.variables.push({ name, type: t });
        }
        parts.push(this.expr(type, d + 1));
        this.variables.length = kept;
        return '(' + parts.join('; ') + (r.chance(0.1) ? ';' : '') + ')';
    }

    apply(type, d) {
        const r = this.r;
        return '(' + this.expr('any', d + 1) + ' ~> ' + r.pick(['$string', '$count', '$sum', '$keys', '$map(' + this.functionExpr(d + 1, 1) + ')',
            '$filter(' + this.functionExpr(d + 1, 1) + ')', '$append(1)', '$join("-")', this.functionExpr(d + 1, 1), '$substring(1)']) + ')';
    }

    /* ---- broken texts ---- */

    damage(text) {
        const r = this.r;
        const tokens = text.match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|[A-Za-z0-9_$]+|:=|\.\.|~>|[<>!]=|\*\*|\s+|./gsu) || [];
        const junk = ['(', ')', '[', ']', '{', '}', '.', ',', ';', ':', ':=', '?', '|', '@', '#', '^', '~>', '%', '&', 'and', 'in', 'or',
            '$', '$$', '1', '"x"', 'function', '/', '/a/', '..', '!', '~', '<', '`', '"', '\\', '*', '**', '=', '@$v', '#$i', '%.', '[]', '1e999', '/*', '*/', 'null', '??', '?:', "'\\q'", '"\\u00"'];
        for (let i = 1 + r.below(2); i > 0 && tokens.length; i--) {
            const at = r.below(tokens.length);
            switch (r.below(4)) {
            case 0: tokens.splice(at, 1); break;
            case 1: tokens.splice(at, 0, r.pick(junk)); break;
            case 2: tokens[at] = r.pick(junk); break;
            default: tokens.length = at; break;
            }
        }
        return tokens.join('');
    }

    next() {
        this.variables = [];
        this.counter = 0;
        this.budget = 3 + this.r.below(30);
        let expr = this.expr(this.r.pick(['number', 'string', 'boolean', 'array', 'object', 'any', 'array', 'any']), this.r.below(3));
        if (this.r.chance(0.12)) expr = this.damage(expr);
        return { expr, input: this.input() };
    }
}

module.exports = { Generator, Random };
