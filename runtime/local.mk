# The runtime: convenience libraries by folder, and the installed libaslrt and libaslrt-io.

include runtime/base/local.mk
include runtime/expr/local.mk
include runtime/api/local.mk
include runtime/engine/local.mk
include runtime/ddb/local.mk
include runtime/store/local.mk
include runtime/serve/local.mk
