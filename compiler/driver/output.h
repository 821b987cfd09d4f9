/*
 * output.h - writing files: all of them whole, or none.
 *
 * In: names and bytes.  Out: files.  Each is written under a temporary name beside its place and
 * renamed when all of them are complete; on any failure the temporary files are removed and nothing
 * has changed.  Folders are made as needed.
 */
#ifndef ASLC_OUTPUT_H
#define ASLC_OUTPUT_H

#include "compiler/driver/session.h"
#include "compiler/emit/files.h"

/* Writes the files below `folder`; "" means that their names are paths.  False after a message;
   nothing has been written then. */
bool output_write(struct session *s, const char *folder, const struct emit_files *files);

#endif
