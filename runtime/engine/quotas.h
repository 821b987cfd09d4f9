/*
 * quotas.h - the service's quotas as integer constants: ASLRT_QUOTA_PAYLOAD and so on.
 *
 * The numbers, their dates and their sources stand in catalog/quotas.def.
 */
#ifndef ASLRT_QUOTAS_H
#define ASLRT_QUOTAS_H

enum aslrt_quota {
#define CATALOG_QUOTA(id, name, value, unit, date, source, text) ASLRT_QUOTA_##id = (value),
#include "catalog/quotas.def"
#undef CATALOG_QUOTA
};

#endif
