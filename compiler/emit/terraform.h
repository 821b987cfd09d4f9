/*
 * terraform.h - the module that deploys what a file stands for.
 *
 * In: the service with its machines (or one machine that was read from ASL).  Out: HCL files in the
 * form of `terraform fmt`, a `terraform test` file and a README, added to `files`.  The definitions
 * (NAME.asl.json) and openapi.json stand beside them as templates; their holes are filled by
 * templatefile().  Grants are derived from the states, never wider.
 */
#ifndef ASLC_TERRAFORM_H
#define ASLC_TERRAFORM_H

#include "compiler/emit/files.h"
#include "compiler/ir/service.h"

void emit_terraform(struct emit_files *files, const struct svc_service *service);
/* Machine, role and log group of a definition that was read; the role gets no rights but to write
   logs, since what its tasks may touch stands nowhere. */
void emit_terraform_machine(struct emit_files *files, const struct ir_machine *machine);

#endif
