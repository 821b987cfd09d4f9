/*
 * Harness.java - runs the templates of an OpenAPI document on the real Apache Velocity.
 *
 *     java -cp velocity.jar:gson.jar:... Harness FOLDER...
 *
 * In: openapi.json and cases.ndjson of each folder (see driver.c).  Out: actual.txt, in the form of
 * expected.txt.  What stands around Velocity in API Gateway is emulated here: $input, $util and
 * $context with its overrides.  $util.escapeJavaScript is the function of commons-lang that the
 * service's documentation describes.  A header or status that is overridden twice is an error, as there.
 */
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.TypeAdapter;
import com.google.gson.Gson;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.lang.StringEscapeUtils;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;

public class Harness {
    static final String MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:things:live";

    /* ---- JSON ---- */

    static final TypeAdapter<JsonElement> ADAPTER = new Gson().getAdapter(JsonElement.class);

    static JsonElement parse(String text) throws IOException {
        JsonReader reader = new JsonReader(new StringReader(text));
        JsonElement e = ADAPTER.read(reader);
        if (reader.peek() != JsonToken.END_DOCUMENT)
            throw new JsonParseException("text behind the value");
        return e;
    }

    static void writeString(StringBuilder out, String s) {
        out.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            boolean pair = i + 1 < s.length() && Character.isSurrogatePair(c, s.charAt(i + 1));
            boolean second = i > 0 && Character.isSurrogatePair(s.charAt(i - 1), c);
            switch (c) {
            case '"': out.append("\\\""); break;
            case '\\': out.append("\\\\"); break;
            case '\b': out.append("\\b"); break;
            case '\f': out.append("\\f"); break;
            case '\n': out.append("\\n"); break;
            case '\r': out.append("\\r"); break;
            case '\t': out.append("\\t"); break;
            default:
                if (c < 0x20 || (Character.isSurrogate(c) && !pair && !second))
                    out.append(String.format("\\u%04x", (int) c));
                else
                    out.append(c);
            }
        }
        out.append('"');
    }

    /** Minified, members in order, numbers as they were written. */
    static void write(StringBuilder out, JsonElement e) {
        if (e.isJsonObject()) {
            out.append('{');
            boolean first = true;
            for (Map.Entry<String, JsonElement> m : e.getAsJsonObject().entrySet()) {
                if (!first)
                    out.append(',');
                first = false;
                writeString(out, m.getKey());
                out.append(':');
                write(out, m.getValue());
            }
            out.append('}');
        } else if (e.isJsonArray()) {
            out.append('[');
            for (int i = 0; i < e.getAsJsonArray().size(); i++) {
                if (i != 0)
                    out.append(',');
                write(out, e.getAsJsonArray().get(i));
            }
            out.append(']');
        } else if (e.isJsonPrimitive() && e.getAsJsonPrimitive().isString()) {
            writeString(out, e.getAsString());
        } else {
            out.append(e.isJsonNull() ? "null" : e.getAsString());
        }
    }

    static String write(JsonElement e) {
        StringBuilder out = new StringBuilder();
        write(out, e);
        return out.toString();
    }

    /** A value as Velocity sees it: maps, lists, strings, numbers. */
    static Object plain(JsonElement e) {
        if (e == null || e.isJsonNull())
            return null;
        if (e.isJsonObject()) {
            Map<String, Object> map = new LinkedHashMap<>();
            for (Map.Entry<String, JsonElement> m : e.getAsJsonObject().entrySet())
                map.put(m.getKey(), plain(m.getValue()));
            return map;
        }
        if (e.isJsonArray()) {
            List<Object> list = new ArrayList<>();
            for (JsonElement item : e.getAsJsonArray())
                list.add(plain(item));
            return list;
        }
        JsonPrimitive p = e.getAsJsonPrimitive();
        if (p.isBoolean())
            return p.getAsBoolean();
        if (p.isString())
            return p.getAsString();
        String text = p.getAsString();
        if (text.matches("-?[0-9]{1,9}"))
            return Integer.valueOf(text);
        return Double.valueOf(text);
    }

    /* ---- what API Gateway puts around a template ---- */

    public static class Params {
        private final Map<String, String> path = new LinkedHashMap<>();
        private final Map<String, String> querystring = new LinkedHashMap<>();
        private final Map<String, String> header = new LinkedHashMap<>();

        public Map<String, String> getPath() { return path; }
        public Map<String, String> getQuerystring() { return querystring; }
        public Map<String, String> getHeader() { return header; }
        public Map<String, String> get(String place) {
            return place.equals("path") ? path : place.equals("header") ? header : querystring;
        }
    }

    public static class Input {
        private final String body;
        private final Params params;

        Input(String body, Params params) {
            this.body = body;
            this.params = params;
        }

        public String getBody() { return body; }
        public Params params() { return params; }
        public String params(String name) {
            for (Map<String, String> m : List.of(params.path, params.querystring, params.header))
                if (m.containsKey(name))
                    return m.get(name);
            return "";
        }

        private JsonElement at(String path) throws IOException {
            if (body.isEmpty())
                return null;
            JsonElement e = parse(body);
            if (path.equals("$"))
                return e;
            if (!path.startsWith("$.") || !e.isJsonObject())
                throw new IllegalArgumentException(path);
            return e.getAsJsonObject().get(path.substring(2));
        }

        public String json(String path) throws IOException {
            JsonElement e = at(path);
            return e == null ? "" : write(e);
        }

        public Object path(String path) throws IOException { return plain(at(path)); }
    }

    public static class Util {
        public String escapeJavaScript(String s) { return StringEscapeUtils.escapeJavaScript(s); }
        public Object parseJson(String s) throws IOException { return plain(parse(s)); }
        public String urlEncode(String s) { return URLEncoder.encode(s, StandardCharsets.UTF_8); }
        public String urlDecode(String s) { return URLDecoder.decode(s, StandardCharsets.UTF_8); }
        public String base64Encode(String s) {
            return Base64.getEncoder().encodeToString(s.getBytes(StandardCharsets.UTF_8));
        }
        public String base64Decode(String s) {
            return new String(Base64.getDecoder().decode(s), StandardCharsets.UTF_8);
        }
    }

    /** Takes each override once: a second one is what the service answers with 5xx. */
    static class Once extends LinkedHashMap<String, Object> {
        @Override
        public Object put(String key, Object value) {
            if (containsKey(key))
                throw new IllegalStateException("overridden twice: " + key);
            return super.put(key, value);
        }
    }

    /* ---- rendering ---- */

    static final VelocityEngine ENGINE = new VelocityEngine();

    static String render(String template, VelocityContext context) {
        StringWriter out = new StringWriter();
        if (!ENGINE.evaluate(context, out, "template", template))
            throw new IllegalStateException("the template does not parse");
        return out.toString();
    }

    static void put(PrintStream out, String s) {
        for (byte b : s.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xff;
            if (c < 0x20 || c > 0x7e || c == '\\')
                out.printf("\\x%02x", c);
            else
                out.write(c);
        }
    }

    static String text(JsonObject o, String key) {
        return o.has(key) && o.get(key).isJsonPrimitive() ? o.get(key).getAsString() : null;
    }

    static void pairs(Map<String, String> map, JsonElement list) {
        if (list != null)
            for (JsonElement p : list.getAsJsonArray())
                map.put(p.getAsJsonArray().get(0).getAsString(),
                    p.getAsJsonArray().get(1).getAsString());
    }

    static Map<String, Object> context(JsonObject c) {
        Map<String, Object> claims = new LinkedHashMap<>();
        Map<String, Object> identity = new LinkedHashMap<>();
        if (c.has("caller")) {
            JsonObject caller = c.getAsJsonObject("caller");
            claims.put("sub", text(caller, "sub"));
            identity.put("accountId", text(caller, "account"));
            identity.put("userArn", text(caller, "arn"));
            identity.put("cognitoIdentityId", text(caller, "identityId"));
        }
        Map<String, Object> override = new Once();
        override.put("header", new Once());
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("authorizer", Map.of("claims", claims));
        context.put("identity", identity);
        context.put("requestId", "chosen-by-the-client");
        context.put("extendedRequestId", c.has("requestId") ? text(c, "requestId") : "req-1");
        context.put("path", text(c, "target"));
        context.put("responseOverride", override);
        return context;
    }

    static VelocityContext velocity(String body, Params params, Map<String, Object> context) {
        VelocityContext v = new VelocityContext();
        v.put("input", new Input(body, params));
        v.put("util", new Util());
        v.put("context", context);
        return v;
    }

    static String template(JsonObject mapping, String kind) {
        return mapping.getAsJsonObject(kind).get("application/json").getAsString();
    }

    static final List<String> HEADERS =
        List.of("ETag", "Location", "Retry-After", "Access-Control-Allow-Origin");

    /** The text of the execution's input that the request template makes. */
    static String request(JsonObject integration, JsonObject c) throws IOException {
        Params params = new Params();
        if (c.has("path"))
            for (Map.Entry<String, JsonElement> m : c.getAsJsonObject("path").entrySet())
                params.path.put(m.getKey(), m.getValue().getAsString());
        pairs(params.querystring, c.get("query"));
        pairs(params.header, c.get("headers"));
        String body = text(c, "body");
        String template = template(integration, "requestTemplates");
        VelocityContext velocity = velocity(body == null ? "" : body, params, context(c));
        JsonObject made = parse(render(template, velocity)).getAsJsonObject();
        if (made.size() != 2 || !made.get("stateMachineArn").getAsString().equals(MACHINE))
            throw new IllegalStateException("the call is not what it should be: " + made);
        return made.get("input").getAsString();
    }

    /** The service's reply to StartSyncExecution, as a text. */
    static String reply(JsonObject c) {
        JsonObject reply = new JsonObject();
        if (text(c, "kind").equals("refusal"))
            return write(c.get("reply"));
        reply.addProperty("status", c.has("status") ? text(c, "status") : "SUCCEEDED");
        reply.add("output", c.has("output") ? new JsonPrimitive(write(c.get("output"))) : null);
        reply.add("error", c.get("error"));
        reply.add("cause", c.get("cause"));
        return write(reply);
    }

    static void answer(PrintStream out, JsonObject integration, JsonObject c) throws IOException {
        Params params = new Params();
        if (c.has("origin"))
            params.header.put("origin", text(c, "origin"));
        String pattern = text(c, "kind").equals("refusal") ? "4\\d{2}" : "2\\d{2}";
        JsonObject mapping = integration.getAsJsonObject("responses").getAsJsonObject(pattern);
        String template = template(mapping, "responseTemplates");
        Map<String, Object> context = context(c);
        String body = render(template, velocity(reply(c), params, context));
        Map<?, ?> override = (Map<?, ?>) context.get("responseOverride");
        Map<?, ?> headers = (Map<?, ?>) override.get("header");
        out.print("status=" + override.get("status"));
        for (String name : HEADERS)
            if (headers.containsKey(name)) {
                out.print(" " + name + "=");
                put(out, String.valueOf(headers.get(name)));
            }
        if (!HEADERS.containsAll(headers.keySet()))
            throw new IllegalStateException("a header that is not on the list: " + headers);
        out.print(" body=");
        put(out, body);
    }

    /** The integrations of the document by operation, as templatefile() would leave them. */
    static Map<String, JsonObject> integrations(Path document) throws IOException {
        String text = Files.readString(document)
            .replaceAll("(?<!\\$)\\$\\{state_machine\\}", MACHINE)
            .replaceAll("(?<!\\$)\\$\\{[a-z_]+\\}", "x")
            .replace("$${", "${").replace("%%{", "%{");
        Map<String, JsonObject> found = new LinkedHashMap<>();
        JsonObject paths = parse(text).getAsJsonObject().getAsJsonObject("paths");
        for (Map.Entry<String, JsonElement> path : paths.entrySet())
            for (JsonElement method : path.getValue().getAsJsonObject().asMap().values()) {
                JsonObject operation = method.getAsJsonObject();
                if (operation.has("operationId"))
                    found.put(operation.get("operationId").getAsString(),
                        operation.getAsJsonObject("x-amazon-apigateway-integration"));
            }
        return found;
    }

    static void run(Path folder) throws IOException {
        Map<String, JsonObject> integrations = integrations(folder.resolve("openapi.json"));
        String first = integrations.keySet().iterator().next();
        int n = 0;
        try (PrintStream out = new PrintStream(
                new BufferedOutputStream(Files.newOutputStream(folder.resolve("actual.txt"))),
                false, "UTF-8")) {
            for (String line : Files.readAllLines(folder.resolve("cases.ndjson"))) {
                JsonObject c = parse(line).getAsJsonObject();
                JsonObject integration = integrations.get(c.has("op") ? text(c, "op") : first);
                out.print(n++ + " ");
                try {
                    if (text(c, "kind").equals("request"))
                        put(out, request(integration, c));
                    else
                        answer(out, integration, c);
                } catch (RuntimeException e) {
                    put(out, "error: " + e);
                }
                out.write('\n');
            }
        }
    }

    public static void main(String[] args) throws Exception {
        ENGINE.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
        ENGINE.init();
        for (String folder : args)
            run(Path.of(folder));
    }
}
