// engine.mjs - the peer of the engine's benchmark: the same machines on aws-local-stepfunctions, in JSONPath,
// since it knows no JSONata.  An execution is, as ours: input text parsed, run, output text written.
//
//   node engine.mjs   prints units a second of processor time as JSON: {"bench_choice", ...}
import { StateMachine } from "aws-local-stepfunctions";

const options = { validationOptions: { checkPaths: true, checkArn: false } };
const pass = (more) => ({ Type: "Pass", ...more });
const machines = {
  bench_choice: {
    StartAt: "A",
    States: {
      A: pass({ Next: "B" }),
      B: { Type: "Choice", Choices: [{ Variable: "$.n", NumericGreaterThan: 3, Next: "C" }], Default: "D" },
      C: pass({ Parameters: { "n.$": "$.n", "name.$": "$.name" }, Next: "D" }),
      D: pass({ Parameters: { "x.$": "States.MathAdd($.n, 1)", "name.$": "$.name" }, Next: "E" }),
      E: pass({ Parameters: { "x.$": "$.x", "r.$": "States.Format('done {}', $.name)" }, End: true }),
    },
  },
  bench_map: {
    StartAt: "M",
    States: { M: { Type: "Map", ItemProcessor: { StartAt: "P", States: { P: pass({ End: true }) } },
      ResultSelector: { "count.$": "States.ArrayLength($)" }, End: true } },
  },
  bench_retry: {
    StartAt: "T",
    States: { T: { Type: "Task", Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", InputPath: "$.n",
      Retry: [{ ErrorEquals: ["Busy"], IntervalSeconds: 1 }], OutputPath: "$.Payload", End: true } },
  },
  bench_retry_bare: {
    StartAt: "T",
    States: { T: { Type: "Task", Resource: "arn:aws:lambda:us-east-1:123456789012:function:f",
      Retry: [{ ErrorEquals: ["Busy"], IntervalSeconds: 1 }], End: true } },
  },
};
const object = '{"n": 4, "name": "abc"}';
const list = JSON.stringify(Array.from({ length: 1000 }, (_, a) => ({ a })));

class Busy extends Error {
  constructor() {
    super("busy");
    this.name = "Busy";
  }
}
function overrides() {
  let first = true;
  const T = () => {
    if (!first) return { Payload: 5 };
    first = false;
    throw new Busy();
  };
  return { overrides: { taskResourceLocalHandlers: { T }, retryIntervalOverrides: { T: 0 } } };
}

async function once(machine, text, wanted) {
  const output = JSON.stringify(await machine.run(JSON.parse(text), overrides()).result);
  if (output !== wanted) throw new Error(`${output} instead of ${wanted}`);
}

async function rate(name, text, wanted, units) {
  const machine = new StateMachine(machines[name], options);
  const rates = [];
  for (let round = 0; round < 6; round++) {
    const start = process.cpuUsage();
    let n = 0, used;
    do {
      for (let i = 0; i < 100 / units + 1; i++, n++) await once(machine, text, wanted);
      const now = process.cpuUsage(start);
      used = (now.user + now.system) / 1e6;
    } while (used < 1);
    if (round > 0) rates.push((n * units) / used); // the first one warms the compiler up
  }
  return Math.round(rates.sort((a, b) => a - b)[2]);
}

console.log(JSON.stringify({
  bench_choice: await rate("bench_choice", object, '{"x":5,"r":"done abc"}', 1),
  bench_map: await rate("bench_map", list, '{"count":1000}', 1000),
  bench_retry: await rate("bench_retry", object, "5", 1),
  bench_retry_bare: await rate("bench_retry_bare", object, '{"Payload":5}', 1),
}));
