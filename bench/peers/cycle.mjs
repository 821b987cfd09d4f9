// cycle.mjs - the peer of the cycle benchmark: create, get, update, delete of a vehicle on
// aws-local-stepfunctions, with the machine written by hand in JSONPath (the interpreter knows no JSONata) and
// handlers over a Map.  The states do what those of samples/vehicles.crud do: route, check the request, call,
// tell a missing item, answer.
//
//   node cycle.mjs CYCLES ROUNDS   prints the median of executions a second, as JSON
import { StateMachine } from "aws-local-stepfunctions";
import { randomUUID } from "node:crypto";

const cycles = Number(process.argv[2] ?? 2000);
const rounds = Number(process.argv[3] ?? 5);

const isNot = (path, test, min, max) => [
  { Not: { Variable: path, [test]: true }, Next: "Rejected" },
  ...(min === undefined ? [] : [{ Variable: path, NumericLessThan: min, Next: "Rejected" }]),
  ...(max === undefined ? [] : [{ Variable: path, NumericGreaterThan: max, Next: "Rejected" }]),
];
const empty = (path) => ({ Variable: path, StringEquals: "", Next: "Rejected" });
const key = { id: { "S.$": "$.path.id" } };
const retry = [{
  ErrorEquals: ["DynamoDB.ProvisionedThroughputExceededException", "DynamoDB.ThrottlingException"],
  IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 2, JitterStrategy: "FULL",
}];
const fallback = [{ ErrorEquals: ["States.ALL"], Next: "Internal" }];
const task = (action, parameters, next, more) => ({
  Type: "Task", Resource: `arn:aws:states:::dynamodb:${action}`, TimeoutSeconds: 2,
  Parameters: { TableName: "vehicle", ...parameters }, Retry: retry, Catch: fallback, ResultPath: "$.result", Next: next, ...more,
});
const answer = (statusCode, body) => ({
  Type: "Pass", Parameters: { statusCode, headers: {}, ...(body ? { "body.$": `States.JsonToString(${body})` } : { body: "" }) }, End: true,
});
const shown = {
  "id.$": "$.result.Item.id.S", "make.$": "$.result.Item.make.S", "model.$": "$.result.Item.model.S",
  "year.$": "States.StringToJson($.result.Item.year.N)", "trim.$": "$.result.Item.trim.S",
  "createdAt.$": "$.result.Item.createdAt.S", "updatedAt.$": "$.result.Item.updatedAt.S",
};
const shape = (base, next) => ({
  Type: "Pass", ResultPath: "$.shown", Next: next,
  Parameters: Object.fromEntries(Object.entries(shown).map(([k, v]) => [k, v.replace("$.result.Item", base)])),
});
const definition = {
  StartAt: "Route",
  States: {
    Route: {
      Type: "Choice", Default: "Internal",
      Choices: ["create", "get", "list", "update", "replace", "delete"].map((op) => ({
        Variable: "$.op", StringEquals: op + "Vehicle", Next: op === "list" || op === "replace" ? "Internal" : op,
      })),
    },
    create: {
      Type: "Choice", Default: "CreateItem",
      Choices: [
        ...isNot("$.body.make", "IsString"), empty("$.body.make"), ...isNot("$.body.model", "IsString"), empty("$.body.model"),
        ...isNot("$.body.year", "IsNumeric", 1886, 2100), ...isNot("$.body.trim", "IsString"), empty("$.body.trim"),
      ],
    },
    CreateItem: {
      Type: "Pass", ResultPath: "$.item", Next: "CreatePut",
      Parameters: { "make.$": "$.body.make", "model.$": "$.body.model", "year.$": "States.JsonToString($.body.year)", "trim.$": "$.body.trim", "now.$": "$$.Execution.StartTime" },
    },
    CreatePut: task("putItem", {
      Item: {
        id: { "S.$": "$.body.id" }, make: { "S.$": "$.item.make" }, model: { "S.$": "$.item.model" }, year: { "N.$": "$.item.year" },
        trim: { "S.$": "$.item.trim" }, createdAt: { "S.$": "$.item.now" }, updatedAt: { "S.$": "$.item.now" },
      },
      ConditionExpression: "attribute_not_exists(#id)", ExpressionAttributeNames: { "#id": "id" },
    }, "CreateShow"),
    CreateShow: { Type: "Pass", ResultPath: "$.shown", Next: "Created",
      Parameters: { "id.$": "$.body.id", "make.$": "$.body.make", "model.$": "$.body.model", "year.$": "$.body.year", "trim.$": "$.body.trim", "createdAt.$": "$.item.now", "updatedAt.$": "$.item.now" } },
    Created: answer(201, "$.shown"),
    get: { Type: "Choice", Choices: [...isNot("$.path.id", "IsString")], Default: "GetRead" },
    GetRead: task("getItem", { Key: key, ConsistentRead: true }, "GetFound"),
    GetFound: { Type: "Choice", Choices: [{ Variable: "$.result.Item", IsPresent: true, Next: "GetShow" }], Default: "NotFound" },
    GetShow: shape("$.result.Item", "Done"),
    update: { Type: "Choice", Choices: [...isNot("$.path.id", "IsString"), ...isNot("$.body.year", "IsNumeric", 1886, 2100)], Default: "UpdateItem" },
    UpdateItem: { Type: "Pass", ResultPath: "$.item", Next: "UpdateWrite", Parameters: { "year.$": "States.JsonToString($.body.year)", "now.$": "$$.Execution.StartTime" } },
    UpdateWrite: task("updateItem", {
      Key: key, UpdateExpression: "SET #year = :year, #updatedAt = :updatedAt", ConditionExpression: "attribute_exists(#id)",
      ExpressionAttributeNames: { "#id": "id", "#year": "year", "#updatedAt": "updatedAt" },
      ExpressionAttributeValues: { ":year": { "N.$": "$.item.year" }, ":updatedAt": { "S.$": "$.item.now" } }, ReturnValues: "ALL_NEW",
    }, "UpdateShow"),
    UpdateShow: shape("$.result.Attributes", "Done"),
    delete: { Type: "Choice", Choices: [...isNot("$.path.id", "IsString")], Default: "DeleteWrite" },
    DeleteWrite: task("deleteItem", { Key: key, ConditionExpression: "attribute_exists(#id)", ExpressionAttributeNames: { "#id": "id" } }, "Gone"),
    Gone: answer(204),
    Done: answer(200, "$.shown"),
    Rejected: answer(400), NotFound: answer(404), Internal: { Type: "Fail", Error: "Internal" },
  },
};

const table = new Map();
const handlers = {
  CreatePut: ({ Item }) => { if (table.has(Item.id.S)) throw new Error("ConditionalCheckFailed"); table.set(Item.id.S, Item); return {}; },
  GetRead: ({ Key }) => { const item = table.get(Key.id.S); return item ? { Item: item } : {}; },
  UpdateWrite: ({ Key, ExpressionAttributeValues: v }) => {
    const item = { ...table.get(Key.id.S), year: v[":year"], updatedAt: v[":updatedAt"] };
    table.set(Key.id.S, item);
    return { Attributes: item };
  },
  DeleteWrite: ({ Key }) => { table.delete(Key.id.S); return {}; },
};
const machine = new StateMachine(definition, { validationOptions: { noValidate: true } });
const options = { overrides: { taskResourceLocalHandlers: handlers }, context: { Execution: { StartTime: "2026-01-01T00:00:00.000Z" } } };

async function run(text) {
  const output = await machine.run(JSON.parse(text), options).result;
  return JSON.stringify(output);
}
const request = (op, id, body) =>
  JSON.stringify({ op, path: op === "createVehicle" ? {} : { id }, query: {}, headers: { "if-match": null }, body, caller: {}, requestId: "r" });

const lines = [];
for (let i = 0; i < cycles; i++) {
  const id = randomUUID();
  lines.push(request("createVehicle", id, { id, make: "MINI", model: "Countryman", year: 2015, trim: "JCW All Four" }),
    request("getVehicle", id, null), request("updateVehicle", id, { year: 2016 }), request("deleteVehicle", id, null));
}
const wanted = [201, 200, 200, 204];
const rates = [];
for (let round = 0; round < rounds; round++) {
  const start = process.cpuUsage();
  for (let i = 0; i < lines.length; i++) {
    const text = await run(lines[i]);
    if (JSON.parse(text).statusCode !== wanted[i % 4]) throw new Error(`${lines[i]} gave ${text}`);
  }
  const used = process.cpuUsage(start);
  rates.push(lines.length / ((used.user + used.system) / 1e6));
}
rates.sort((a, b) => a - b);
console.log(JSON.stringify({ executions_per_second: Math.round(rates[Math.floor(rates.length / 2)]), rounds, cycles }));
