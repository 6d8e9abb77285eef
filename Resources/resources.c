#include "CResources.h"

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

static const unsigned char mail_job_html[] = {
#embed "mail/job.html"
};

static const unsigned char mail_job_txt[] = {
#embed "mail/job.txt"
};

static const unsigned char mail_notice_html[] = {
#embed "mail/notice.html"
};

static const unsigned char mail_notice_txt[] = {
#embed "mail/notice.txt"
};

static const unsigned char sample_photo[] = {
#embed "samples/photo.png"
};

static const unsigned char web_admin_html[] = {
#embed "web/admin.html"
};

static const unsigned char web_admin_css[] = {
#embed "web/admin.css"
};

static const unsigned char web_admin_js[] = {
#embed "web/admin.js"
};

static const cresource files[] = {
    {"schema/0001-initial.sql", schema_0001, sizeof schema_0001},
    {"schema/0002-people.sql", schema_0002, sizeof schema_0002},
    {"schema/0003-work.sql", schema_0003, sizeof schema_0003},
    {"schema/0004-mail.sql", schema_0004, sizeof schema_0004},
    {"mail/job.html", mail_job_html, sizeof mail_job_html},
    {"mail/job.txt", mail_job_txt, sizeof mail_job_txt},
    {"mail/notice.html", mail_notice_html, sizeof mail_notice_html},
    {"mail/notice.txt", mail_notice_txt, sizeof mail_notice_txt},
    {"web/admin.html", web_admin_html, sizeof web_admin_html},
    {"web/admin.css", web_admin_css, sizeof web_admin_css},
    {"web/admin.js", web_admin_js, sizeof web_admin_js},
    {"samples/photo.png", sample_photo, sizeof sample_photo},
};

size_t cresources_count(void) { return sizeof files / sizeof files[0]; }

cresource cresources_at(size_t index) { return files[index]; }
