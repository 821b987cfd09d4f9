/*
 * orders.c - makes the benchmarks' payload; see orders.h.
 */
#include "bench/orders.h"

static const char *const names[] = {"Ada Lovelace", "Zoë Müller",  "José Martínez",
                                    "Grace Hopper", "李小龍",      "Anna Svensson",
                                    "Bob Smith",    "Łukasz Nowak"};
static const char *const cities[] = {"Berlin", "Zürich", "San Francisco",
                                     "Kraków", "Osaka",  "Lyon"};
static const char *const states[] = {"PENDING", "PAID", "SHIPPED", "DELIVERED", "CANCELLED"};
static const char *const notes[] = {
    "leave at the door",
    "ring twice\\nthen wait",
    "he said \\\"call me\\\" first",
    "",
    "customer asked for a gift wrap; the card should read: happy birthday, and many more",
    "path C:\\\\temp\\\\orders",
};

static unsigned draw(uint64_t *seed, unsigned below)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(*seed >> 33) % below;
}

#define PICK(list) list[draw(seed, (unsigned)(sizeof list / sizeof list[0]))]

static void put_item(struct aslrt_buffer *b, uint64_t *seed)
{
    aslrt_buffer_format(b, "{\"sku\":\"SKU-%05u\",\"quantity\":%u,\"price\":%u.%02u,",
                        draw(seed, 100000), 1 + draw(seed, 9), draw(seed, 500), draw(seed, 100));
    aslrt_buffer_format(b, "\"taxRate\":0.%02u,\"tags\":[\"t%u\",\"%s\"]}", 1 + draw(seed, 25),
                        draw(seed, 50), draw(seed, 2) == 0 ? "sale" : "new");
}

static void put_order(struct aslrt_buffer *b, uint64_t *seed, unsigned number)
{
    const char *name = PICK(names);
    aslrt_buffer_format(
        b, "{\"orderId\":\"ord-%08u\",\"version\":%u,\"customer\":{\"id\":%u,\"name\":\"%s\",",
        number, draw(seed, 12), 100000 + draw(seed, 900000), name);
    aslrt_buffer_format(b, "\"email\":\"user%u@example.com\",\"vip\":%s},", draw(seed, 100000),
                        draw(seed, 5) == 0 ? "true" : "false");
    aslrt_buffer_format(b,
                        "\"createdAt\":\"2026-%02u-%02uT%02u:%02u:%02u.%03uZ\",\"status\":\"%s\",",
                        1 + draw(seed, 12), 1 + draw(seed, 28), draw(seed, 24), draw(seed, 60),
                        draw(seed, 60), draw(seed, 1000), PICK(states));
    aslrt_buffer_text(b, "\"items\":[");
    unsigned items = 1 + draw(seed, 4);
    for (unsigned i = 0; i < items; i++) {
        if (i != 0)
            aslrt_buffer_char(b, ',');
        put_item(b, seed);
    }
    aslrt_buffer_format(b, "],\"shipping\":{\"city\":\"%s\",\"zip\":\"%05u\",", PICK(cities),
                        draw(seed, 100000));
    aslrt_buffer_format(b, "\"geo\":{\"lat\":%u.%06u,\"lon\":-%u.%06u}},", draw(seed, 90),
                        draw(seed, 1000000), draw(seed, 180), draw(seed, 1000000));
    aslrt_buffer_format(b, "\"total\":%u.%02u,\"discount\":%s,\"note\":\"%s\"}", draw(seed, 5000),
                        draw(seed, 100), draw(seed, 3) == 0 ? "null" : "0.15", PICK(notes));
}

struct aslrt_buffer bench_orders(struct aslrt_arena *arena, unsigned count)
{
    struct aslrt_buffer b = aslrt_buffer_in(arena);
    uint64_t seed = 2026;
    aslrt_buffer_text(&b, "{\"orders\":[");
    for (unsigned i = 0; i < count; i++) {
        if (i != 0)
            aslrt_buffer_char(&b, ',');
        put_order(&b, &seed, i);
    }
    aslrt_buffer_format(&b, "],\"count\":%u}", count);
    aslrt_buffer_close(&b);
    return b;
}
