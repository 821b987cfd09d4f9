/*
 * terraform_int.h - what the files of the Terraform emitter share.
 */
#ifndef ASLC_TERRAFORM_INT_H
#define ASLC_TERRAFORM_INT_H

#include "compiler/emit/hcl.h"
#include "compiler/emit/terraform.h"

struct tf {
    struct aslrt_arena *arena;
    struct emit_files *files;
    const struct svc_service *service;
    const char *name; /* default of var.name: the service's, as AWS takes names */
    bool several;     /* machines: --layout per-operation */
};

struct aslrt_buffer tf_begin(struct tf *t);
void tf_end(struct tf *t, const char *file, struct aslrt_buffer *text);

/* Terraform's name of a machine's resources: "this", or the operation's (create_vehicle). */
const char *tf_machine(struct tf *t, uint32_t index);
/* What follows the service's name in the names of a machine's resources: "", or "-create-vehicle".
 */
const char *tf_suffix(struct tf *t, uint32_t index);
/* CreateVehicle, createVehicle -> create<sep>vehicle */
const char *tf_words(struct tf *t, const char *name, char separator);

/* Pieces of iam.tf: who may take a role, and what every state machine's role may do. */
void tf_trust(struct aslrt_buffer *b, const char *name, const char *service);
void tf_logs_statement(struct aslrt_buffer *b);

void tf_versions(struct tf *t);
void tf_variables(struct tf *t);
void tf_main(struct tf *t);
void tf_iam(struct tf *t);
void tf_api(struct tf *t);
void tf_observability(struct tf *t);
void tf_outputs(struct tf *t);
void tf_test(struct tf *t);
void tf_readme(struct tf *t);
/* The files of a machine that was read. */
void tf_one_machine(struct tf *t, const struct ir_machine *machine);

#endif
