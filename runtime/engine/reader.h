/*
 * reader.h - data sets as items: what the ItemReader of a distributed Map makes of a file.
 *
 * In: the text of an object of S3, and the ReaderConfig.  Out: an array of items.  Everything lives
 * in the arena; values may borrow from the text.  spec: ItemReader.
 */
#ifndef ASLRT_READER_H
#define ASLRT_READER_H

#include "runtime/base/arena.h"

enum aslrt_data_kind {
    ASLRT_DATA_JSON,
    ASLRT_DATA_JSONL,
    ASLRT_DATA_CSV,
    ASLRT_DATA_MANIFEST, /* a list of further files, to be read in their turn */
    ASLRT_DATA_PARQUET,  /* not read here */
    ASLRT_DATA_LISTING,  /* the objects of a bucket themselves */
};

/* The words of InputType; JSON when there is none. */
enum aslrt_data_kind aslrt_data_kind_of(struct aslrt_value config);

/* The items of a text.  False: *why says what is wrong, as the service words it where that is
   known; it lives in the arena. */
bool aslrt_read_items(struct aslrt_arena *arena, enum aslrt_data_kind kind,
                      struct aslrt_value config, struct aslrt_value text, struct aslrt_value *items,
                      const char **why);

/* The files that a manifest names: an array of {"Bucket","Key"}; *kind and *config say how they
   are to be read.  An S3 inventory (JSON) or Athena's list of URIs. */
bool aslrt_read_manifest(struct aslrt_arena *arena, struct aslrt_value config,
                         struct aslrt_value text, struct aslrt_value *files,
                         enum aslrt_data_kind *kind, struct aslrt_value *file_config,
                         const char **why);

#endif
