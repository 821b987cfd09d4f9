/*
 * exchange_curl.c - HTTP by libcurl, as a module: one blocking exchange.
 *
 * In and out: struct aslrt_exchange.  Redirections are followed, ten at most, as the service does.
 * With `local`, a name other than localhost isn't looked up, and no socket is opened to an address
 * of another machine.
 */
#include "runtime/remote/exchange.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

extern aslrt_exchange_fn aslrt_exchange_curl __attribute__((visibility("default")));

static bool is_local_name(const char *host)
{
    return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 ||
           strcmp(host, "[::1]") == 0;
}

/* True unless the exchange must stay on this machine and its URL doesn't.  *here: it does. */
static bool may_ask(struct aslrt_exchange *e, bool *here)
{
    CURLU *url = curl_url();
    char *host = NULL;
    bool fine = url != NULL && curl_url_set(url, CURLUPART_URL, e->url, 0) == CURLUE_OK &&
                curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK;
    if (!fine)
        snprintf(e->problem, sizeof e->problem, "'%s' is no URL", e->url);
    *here = fine && is_local_name(host);
    if (fine && e->local && !*here) {
        e->elsewhere = true;
        fine = false;
    }
    curl_free(host);
    curl_url_cleanup(url);
    return fine;
}

static bool is_local_address(const struct sockaddr *a)
{
    if (a->sa_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)(const void *)a)->sin_addr.s_addr) >> 24 == 127;
    return a->sa_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr);
}

static curl_socket_t open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct aslrt_exchange *e = data;
    if (purpose == CURLSOCKTYPE_IPCXN && e->local && !is_local_address(&address->addr)) {
        e->elsewhere = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype, address->protocol);
}

static size_t take_header(char *bytes, size_t size, size_t count, void *data)
{
    const struct aslrt_exchange *e = data;
    size_t n = size * count;
    while (n != 0 && (bytes[n - 1] == '\r' || bytes[n - 1] == '\n'))
        n--;
    e->on_header(e->data, bytes, n);
    return size * count;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *data)
{
    const struct aslrt_exchange *e = data;
    return e->on_body(e->data, bytes, size * count) ? size * count : 0;
}

static CURLcode prepare(CURL *curl, struct aslrt_exchange *e, struct curl_slist *headers, bool here)
{
    curl_easy_setopt(curl, CURLOPT_URL, e->url);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, e->method);
    curl_easy_setopt(curl, CURLOPT_NOBODY, strcmp(e->method, "HEAD") == 0 ? 1L : 0L);
    if (e->body != NULL) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)e->body_count);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, e->body);
    }
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 10L);
    if (here)
        curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, e->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, e);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, e);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, e);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    return curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
}

bool aslrt_exchange_curl(struct aslrt_exchange *e)
{
    bool here;
    if (!may_ask(e, &here))
        return false;
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = NULL;
    CURLcode code = curl == NULL ? CURLE_OUT_OF_MEMORY : CURLE_OK;
    for (size_t i = 0; i < e->header_count && code == CURLE_OK; i++) {
        struct curl_slist *longer = curl_slist_append(headers, e->headers[i]);
        if (longer == NULL)
            code = CURLE_OUT_OF_MEMORY;
        else
            headers = longer;
    }
    if (code == CURLE_OK)
        code = prepare(curl, e, headers, here);
    if (code == CURLE_OK)
        code = curl_easy_perform(curl);
    if (code == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &e->status);
    else
        snprintf(e->problem, sizeof e->problem, "%s", curl_easy_strerror(code));
    e->timed_out = code == CURLE_OPERATION_TIMEDOUT;
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return code == CURLE_OK;
}
