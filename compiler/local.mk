# The compiler: convenience libraries by folder, and the program.

include compiler/base/local.mk
include compiler/ir/local.mk
include compiler/front/local.mk
include compiler/verify/local.mk
include compiler/emit/local.mk
include compiler/driver/local.mk
