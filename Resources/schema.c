#include "schema.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char schema_0001[] = {
#embed "schema/0001-initial.sql"
};
static const unsigned char schema_0002[] = {
#embed "schema/0002-people.sql"
};
static const unsigned char schema_0003[] = {
#embed "schema/0003-work.sql"
};
static const unsigned char schema_0004[] = {
#embed "schema/0004-mail.sql"
};
static const unsigned char schema_0005[] = {
#embed "schema/0005-activity.sql"
};
static const unsigned char schema_0006[] = {
#embed "schema/0006-small-first.sql"
};
static const unsigned char schema_0007[] = {
#embed "schema/0007-bounds.sql"
};
static const unsigned char schema_0008[] = {
#embed "schema/0008-addresses.sql"
};
static const unsigned char schema_0009[] = {
#embed "schema/0009-archives.sql"
};
static const unsigned char schema_0010[] = {
#embed "schema/0010-warnings.sql"
};
static const unsigned char schema_0011[] = {
#embed "schema/0011-link-uses.sql"
};
static const unsigned char schema_0012[] = {
#embed "schema/0012-every-change.sql"
};
static const unsigned char schema_0013[] = {
#embed "schema/0013-visitors.sql"
};
static const unsigned char schema_0014[] = {
#embed "schema/0014-tasks.sql"
};
static const unsigned char schema_0015[] = {
#embed "schema/0015-incomplete.sql"
};
static const unsigned char schema_0016[] = {
#embed "schema/0016-secrets.sql"
};
static const unsigned char schema_0017[] = {
#embed "schema/0017-download-passwords.sql"
};
static const unsigned char schema_0018[] = {
#embed "schema/0018-lanes.sql"
};
static const unsigned char schema_0019[] = {
#embed "schema/0019-last-words.sql"
};
static const unsigned char schema_0020[] = {
#embed "schema/0020-sites.sql"
};
static const unsigned char schema_0021[] = {
#embed "schema/0021-clouds.sql"
};
static const unsigned char schema_0022[] = {
#embed "schema/0022-preset-data.sql"
};
static const unsigned char schema_0023[] = {
#embed "schema/0023-store.sql"
};
static const unsigned char schema_0024[] = {
#embed "schema/0024-currency.sql"
};
static const unsigned char schema_0025[] = {
#embed "schema/0025-steps.sql"
};
static const unsigned char schema_0026[] = {
#embed "schema/0026-sign-in.sql"
};
static const unsigned char schema_0027[] = {
#embed "schema/0027-pages.sql"
};
static const unsigned char schema_0028[] = {
#embed "schema/0028-nodes.sql"
};
static const unsigned char schema_0029[] = {
#embed "schema/0029-storages.sql"
};

static const cresource files[] = {
    {"schema/0001-initial.sql", schema_0001, sizeof schema_0001},
    {"schema/0002-people.sql", schema_0002, sizeof schema_0002},
    {"schema/0003-work.sql", schema_0003, sizeof schema_0003},
    {"schema/0004-mail.sql", schema_0004, sizeof schema_0004},
    {"schema/0005-activity.sql", schema_0005, sizeof schema_0005},
    {"schema/0006-small-first.sql", schema_0006, sizeof schema_0006},
    {"schema/0007-bounds.sql", schema_0007, sizeof schema_0007},
    {"schema/0008-addresses.sql", schema_0008, sizeof schema_0008},
    {"schema/0009-archives.sql", schema_0009, sizeof schema_0009},
    {"schema/0010-warnings.sql", schema_0010, sizeof schema_0010},
    {"schema/0011-link-uses.sql", schema_0011, sizeof schema_0011},
    {"schema/0012-every-change.sql", schema_0012, sizeof schema_0012},
    {"schema/0013-visitors.sql", schema_0013, sizeof schema_0013},
    {"schema/0014-tasks.sql", schema_0014, sizeof schema_0014},
    {"schema/0015-incomplete.sql", schema_0015, sizeof schema_0015},
    {"schema/0016-secrets.sql", schema_0016, sizeof schema_0016},
    {"schema/0017-download-passwords.sql", schema_0017, sizeof schema_0017},
    {"schema/0018-lanes.sql", schema_0018, sizeof schema_0018},
    {"schema/0019-last-words.sql", schema_0019, sizeof schema_0019},
    {"schema/0020-sites.sql", schema_0020, sizeof schema_0020},
    {"schema/0021-clouds.sql", schema_0021, sizeof schema_0021},
    {"schema/0022-preset-data.sql", schema_0022, sizeof schema_0022},
    {"schema/0023-store.sql", schema_0023, sizeof schema_0023},
    {"schema/0024-currency.sql", schema_0024, sizeof schema_0024},
    {"schema/0025-steps.sql", schema_0025, sizeof schema_0025},
    {"schema/0026-sign-in.sql", schema_0026, sizeof schema_0026},
    {"schema/0027-pages.sql", schema_0027, sizeof schema_0027},
    {"schema/0028-nodes.sql", schema_0028, sizeof schema_0028},
    {"schema/0029-storages.sql", schema_0029, sizeof schema_0029},
};

size_t cschema_count(void) { return sizeof files / sizeof files[0]; }

cresource cschema_at(size_t index) { return files[index]; }
