/*
 * openapi_template.c - prints Velocity templates; see openapi_template.h for their rules.
 *
 * Each function mirrors one of runtime/api/map.c and says which.
 */
#include "compiler/emit/openapi_template.h"

#include "compiler/emit/json_out.h"

#include <assert.h>

/* The end of an expression that escapes a string for JSON: escapeJavaScript also escapes single
   quotes, which JSON forbids, so that is taken back. */
#define UNQUOTE ".replaceAll(\"\\\\'\",\"'\")"

/* A constant as an expression: in single quotes, with each single quote joined on from outside. */
static void put_constant(struct aslrt_buffer *out, const char *text)
{
    aslrt_buffer_char(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            aslrt_buffer_text(out, "'+\"'\"+'");
        else
            aslrt_buffer_char(out, *text);
    }
    aslrt_buffer_char(out, '\'');
}

/* #set($name=constant) */
static void set_constant(struct aslrt_buffer *out, const char *name, const char *text)
{
    aslrt_buffer_format(out, "#set($%s=", name);
    put_constant(out, text);
    aslrt_buffer_char(out, ')');
}

/* ---- the request: mirrors put_piece ---- */

/* #set($pN=expression as a JSON string) */
static void set_string(struct aslrt_buffer *out, uint32_t n, const char *expression)
{
    aslrt_buffer_format(out, "#set($p%u='\"'+$util.escapeJavaScript(%s)" UNQUOTE "+'\"')", n,
                        expression);
}

/* Where API Gateway keeps a field of the caller. */
static const char *caller_variable(const char *field)
{
    static const struct {
        const char *field, *variable;
    } table[] = {
        {"sub", "$context.authorizer.claims.sub"},
        {"account", "$context.identity.accountId"},
        {"arn", "$context.identity.userArn"},
        {"identityId", "$context.identity.cognitoIdentityId"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(field, table[i].field) == 0)
            return table[i].variable;
    assert(false && "a field of the caller that API Gateway does not know");
    return "''";
}

static void set_piece(struct aslrt_buffer *out, uint32_t n, const struct aslrt_piece *piece)
{
    struct aslrt_buffer expression = aslrt_buffer_in(out->arena);
    if (piece->kind != ASLRT_PIECE_BODY)
        aslrt_buffer_format(out, "#set($p%u='null')", n);
    switch (piece->kind) {
    case ASLRT_PIECE_TEXT:
        break;
    case ASLRT_PIECE_PATH:
        aslrt_buffer_text(&expression, "$input.params().path.get(");
        put_constant(&expression, piece->text);
        aslrt_buffer_char(&expression, ')');
        set_string(out, n, aslrt_buffer_close(&expression));
        break;
    case ASLRT_PIECE_QUERY:
        aslrt_buffer_text(&expression, "$input.params().querystring.get(");
        put_constant(&expression, piece->text);
        aslrt_buffer_char(&expression, ')');
        aslrt_buffer_text(out, "#if($input.params().querystring.containsKey(");
        put_constant(out, piece->text);
        aslrt_buffer_text(out, "))");
        set_string(out, n, aslrt_buffer_close(&expression));
        aslrt_buffer_text(out, "#end");
        break;
    case ASLRT_PIECE_HEADER:
        aslrt_buffer_text(out, "#foreach($h in $input.params().header.keySet())"
                               "#if($h.equalsIgnoreCase(");
        put_constant(out, piece->text);
        aslrt_buffer_text(out, "))");
        set_string(out, n, "$input.params().header.get($h)");
        aslrt_buffer_text(out, "#end#end");
        break;
    case ASLRT_PIECE_CALLER:
        aslrt_buffer_format(out, "#set($c='')#set($c=%s)#if(\"$!c\"!='')",
                            caller_variable(piece->text));
        set_string(out, n, "$c");
        aslrt_buffer_text(out, "#end");
        break;
    case ASLRT_PIECE_BODY:
        aslrt_buffer_format(out, "#set($p%u='')#set($p%u=$input.json('$'))", n, n);
        aslrt_buffer_format(out, "#if(\"$!p%u\"=='')#set($p%u='null')#end", n, n);
        break;
    case ASLRT_PIECE_REQUEST_ID:
        set_string(out, n, "$context.extendedRequestId");
        break;
    }
    aslrt_buffer_char(out, '\n');
}

/* #set($in=all pieces, joined) */
static void set_input(struct aslrt_buffer *out, const struct aslrt_route *route)
{
    aslrt_buffer_text(out, "#set($in=");
    for (uint32_t i = 0; i < route->piece_count; i++) {
        if (i != 0)
            aslrt_buffer_char(out, '+');
        if (route->pieces[i].kind == ASLRT_PIECE_TEXT)
            put_constant(out, route->pieces[i].text);
        else
            aslrt_buffer_format(out, "$p%u", i);
    }
    aslrt_buffer_text(out, ")\n");
}

const char *openapi_request_template(struct aslrt_arena *arena, const struct aslrt_route *route,
                                     const char *machine)
{
    struct aslrt_buffer text = aslrt_buffer_in(arena);
    for (uint32_t i = 0; i < route->piece_count; i++)
        if (route->pieces[i].kind != ASLRT_PIECE_TEXT)
            set_piece(&text, i, &route->pieces[i]);
    set_input(&text, route);
    aslrt_buffer_text(&text, "{\"stateMachineArn\":\"");
    struct aslrt_buffer out = aslrt_buffer_in(arena);
    out_template_text(&out, text.bytes, text.count);
    aslrt_buffer_format(&out, "${%s}", machine);
    aslrt_buffer_text(&out, "\",\"input\":\"$util.escapeJavaScript($in)" UNQUOTE "\"}\n");
    return aslrt_buffer_close(&out);
}

/* ---- answers ---- */

static void override_header(struct aslrt_buffer *out, const char *variable, const char *header)
{
    aslrt_buffer_format(out, "#if($%s!='')#set($context.responseOverride.header.%s=$%s)#end",
                        variable, header, variable);
}

/* With several origins allowed the one that asks is chosen here: mirrors aslrt_api_allowed_origin.
   With one, the header is a constant of the document. */
static void choose_origin(struct aslrt_buffer *out, const struct aslrt_api *api)
{
    if (api->cors_count < 2)
        return;
    aslrt_buffer_text(out, "#set($g='')#foreach($h in $input.params().header.keySet())"
                           "#if($h.equalsIgnoreCase('origin'))"
                           "#set($g=$input.params().header.get($h))#end#end#if(");
    for (uint32_t i = 0; i < api->cors_count; i++) {
        aslrt_buffer_text(out, i == 0 ? "$g==" : "||$g==");
        put_constant(out, api->cors[i]);
    }
    aslrt_buffer_text(out, ")#set($context.responseOverride.header.Access-Control-Allow-Origin=$g)"
                           "#end");
}

static void set_gateway(struct aslrt_buffer *out, enum aslrt_gateway_id id)
{
    aslrt_buffer_format(out, "#set($s=%u)", (unsigned)aslrt_gateways[id].status);
    set_constant(out, "b", aslrt_gateways[id].body);
    if (id == ASLRT_GATEWAY_UNAVAILABLE)
        set_constant(out, "retry", ASLRT_API_RETRY_AFTER);
}

/* What the machine's output says: mirrors answer_output.  The header's name in the output has a
   hyphen, which get() takes as it is. */
static void take_output(struct aslrt_buffer *out, const struct aslrt_route *route)
{
    aslrt_buffer_text(out, "#set($o=$util.parseJson($r.output))"
                           "#if($o.statusCode&&$o.statusCode>=200&&$o.statusCode<=599)"
                           "#set($s=$o.statusCode)#set($b='')"
                           "#if($o.body&&$s!=204)#set($b=$o.body)#end");
    if (aslrt_route_has_etag(route))
        aslrt_buffer_text(out, "#if($o.headers.ETag)#set($etag=$o.headers.ETag)#end");
    if (aslrt_route_has_retry_after(route))
        aslrt_buffer_text(out, "#if($o.headers.get('Retry-After'))"
                               "#set($retry=$o.headers.get('Retry-After'))#end");
    /* The stage, or a custom domain's base path, is what the request's path has in front of the
       segments of the resource: mirrors aslrt_api_location. */
    if (aslrt_route_has_location(route))
        aslrt_buffer_format(out,
                            "#if($o.headers.Location&&$o.headers.Location!='')#set($location="
                            "$context.path.replaceAll('(/[^/]+){%u}/*$','')+$o.headers.Location)"
                            "#end",
                            (unsigned)aslrt_route_segments(route));
    aslrt_buffer_text(out, "#end");
}

const char *openapi_answer_template(struct aslrt_arena *arena, const struct aslrt_api *api,
                                    const struct aslrt_route *route)
{
    struct aslrt_buffer out = aslrt_buffer_in(arena);
    aslrt_buffer_text(&out, "#set($etag='')#set($location='')#set($retry='')");
    set_gateway(&out, ASLRT_GATEWAY_INTEGRATION);
    aslrt_buffer_text(&out, "#set($r=$input.path('$'))#if($r.status=='SUCCEEDED')");
    take_output(&out, route);
    aslrt_buffer_text(&out, "#elseif($r.status=='TIMED_OUT')");
    set_gateway(&out, ASLRT_GATEWAY_TIMEOUT);
    for (uint32_t i = 0; i < api->failure_count; i++) {
        const struct aslrt_api_failure *f = &api->failures[i];
        aslrt_buffer_text(&out, "#elseif($r.error==");
        put_constant(&out, f->error);
        aslrt_buffer_format(&out, ")#set($s=%u)", (unsigned)f->status);
        set_constant(&out, "b", f->body);
        if (f->retry_after != NULL)
            set_constant(&out, "retry", f->retry_after);
    }
    aslrt_buffer_text(&out, "#end#set($context.responseOverride.status=$s)");
    if (aslrt_route_has_etag(route))
        override_header(&out, "etag", "ETag");
    if (aslrt_route_has_location(route))
        override_header(&out, "location", "Location");
    override_header(&out, "retry", "Retry-After");
    choose_origin(&out, api);
    aslrt_buffer_text(&out, "$b");
    return aslrt_buffer_close(&out);
}

/* Mirrors aslrt_api_refused. */
const char *openapi_refused_template(struct aslrt_arena *arena, const struct aslrt_api *api)
{
    struct aslrt_buffer out = aslrt_buffer_in(arena);
    aslrt_buffer_text(&out, "#set($retry='')#set($t='')#set($t=$input.path('$.__type'))"
                            "#set($m='')#set($m=$input.path('$.message'))");
    set_gateway(&out, ASLRT_GATEWAY_INTEGRATION);
    aslrt_buffer_text(&out, "#if($t.contains('Throttling')||$t.contains('TooManyRequests'))");
    set_gateway(&out, ASLRT_GATEWAY_UNAVAILABLE);
    aslrt_buffer_text(&out,
                      "#elseif($t.contains('ValidationException')&&$m.contains(\"'input'\"))");
    set_gateway(&out, ASLRT_GATEWAY_TOO_LARGE);
    aslrt_buffer_text(&out, "#end#set($context.responseOverride.status=$s)");
    override_header(&out, "retry", "Retry-After");
    choose_origin(&out, api);
    aslrt_buffer_text(&out, "$b");
    return aslrt_buffer_close(&out);
}

const char *openapi_constant_template(struct aslrt_arena *arena, const struct aslrt_api *api,
                                      const char *body)
{
    struct aslrt_buffer out = aslrt_buffer_in(arena);
    choose_origin(&out, api);
    if (body[0] != '\0') {
        set_constant(&out, "b", body);
        aslrt_buffer_text(&out, "$b");
    }
    return aslrt_buffer_close(&out);
}
