#include "CResources.h"
#include "schema.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

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

static const unsigned char page_ads_txt[] = {
#embed "page/ads.txt"
};
static const unsigned char page_await_js[] = {
#embed "page/await.js"
};
static const unsigned char page_banners_js[] = {
#embed "page/banners.js"
};
static const unsigned char page_banners_txt[] = {
#embed "page/banners.txt"
};
static const unsigned char page_begin_js[] = {
#embed "page/begin.js"
};
static const unsigned char page_look_js[] = {
#embed "page/look.js"
};
static const unsigned char page_place_js[] = {
#embed "page/place.js"
};
static const unsigned char page_scroll_js[] = {
#embed "page/scroll.js"
};
static const unsigned char page_style_js[] = {
#embed "page/style.js"
};
static const unsigned char page_settle_js[] = {
#embed "page/settle.js"
};
static const unsigned char page_source_js[] = {
#embed "page/source.js"
};
static const unsigned char page_unstick_js[] = {
#embed "page/unstick.js"
};

static const unsigned char sample_photo[] = {
#embed "samples/photo.png"
};

static const unsigned char web_admin_html[] = {
#embed "web/admin.html"
};

static const unsigned char web_api_js[] = {
#embed "web/api.js"
};

static const unsigned char web_charts_js[] = {
#embed "web/charts.js"
};

static const unsigned char web_compare_js[] = {
#embed "web/compare.js"
};

static const unsigned char web_docs_html[] = {
#embed "web/docs.html"
};

static const unsigned char web_docs_js[] = {
#embed "web/docs.js"
};

static const unsigned char web_dom_js[] = {
#embed "web/dom.js"
};

static const unsigned char web_door_js[] = {
#embed "web/door.js"
};

static const unsigned char web_examples_convert_js[] = {
#embed "web/examples/convert.js"
};

static const unsigned char web_examples_convert_php[] = {
#embed "web/examples/convert.php"
};

static const unsigned char web_examples_convert_py[] = {
#embed "web/examples/convert.py"
};

static const unsigned char web_examples_convert_sh[] = {
#embed "web/examples/convert.sh"
};

static const unsigned char web_examples_webhooks_json[] = {
#embed "web/examples/webhooks.json"
};

static const unsigned char web_favicon_svg[] = {
#embed "web/favicon.svg"
};

static const unsigned char web_home_js[] = {
#embed "web/home.js"
};

static const unsigned char web_index_html[] = {
#embed "web/index.html"
};

static const unsigned char web_jump_js[] = {
#embed "web/jump.js"
};

static const unsigned char web_language_js[] = {
#embed "web/language.js"
};

static const unsigned char web_live_js[] = {
#embed "web/live.js"
};

static const unsigned char web_map_js[] = {
#embed "web/map.js"
};

static const unsigned char web_measures_js[] = {
#embed "web/measures.js"
};

static const unsigned char web_options_js[] = {
#embed "web/options.js"
};

static const unsigned char web_pages_account_js[] = {
#embed "web/pages/account.js"
};

static const unsigned char web_pages_audit_js[] = {
#embed "web/pages/audit.js"
};

static const unsigned char web_pages_backup_js[] = {
#embed "web/pages/backup.js"
};

static const unsigned char web_pages_batch_js[] = {
#embed "web/pages/batch.js"
};

static const unsigned char web_pages_batches_js[] = {
#embed "web/pages/batches.js"
};

static const unsigned char web_pages_deliveries_js[] = {
#embed "web/pages/deliveries.js"
};

static const unsigned char web_pages_files_js[] = {
#embed "web/pages/files.js"
};

static const unsigned char web_pages_formats_js[] = {
#embed "web/pages/formats.js"
};

static const unsigned char web_pages_health_js[] = {
#embed "web/pages/health.js"
};

static const unsigned char web_pages_job_js[] = {
#embed "web/pages/job.js"
};

static const unsigned char web_pages_jobs_js[] = {
#embed "web/pages/jobs.js"
};

static const unsigned char web_pages_keys_js[] = {
#embed "web/pages/keys.js"
};

static const unsigned char web_pages_machines_js[] = {
#embed "web/pages/machines.js"
};

static const unsigned char web_pages_overview_js[] = {
#embed "web/pages/overview.js"
};

static const unsigned char web_pages_plans_js[] = {
#embed "web/pages/plans.js"
};

static const unsigned char web_pages_presets_js[] = {
#embed "web/pages/presets.js"
};

static const unsigned char web_pages_rates_js[] = {
#embed "web/pages/rates.js"
};

static const unsigned char web_pages_requests_js[] = {
#embed "web/pages/requests.js"
};

static const unsigned char web_pages_settings_js[] = {
#embed "web/pages/settings.js"
};

static const unsigned char web_pages_storages_js[] = {
#embed "web/pages/storages.js"
};

static const unsigned char web_pages_try_js[] = {
#embed "web/pages/try.js"
};

static const unsigned char web_pages_usage_js[] = {
#embed "web/pages/usage.js"
};

static const unsigned char web_pages_users_js[] = {
#embed "web/pages/users.js"
};

static const unsigned char web_pages_webhooks_js[] = {
#embed "web/pages/webhooks.js"
};

static const unsigned char web_pages_workspaces_js[] = {
#embed "web/pages/workspaces.js"
};

static const unsigned char web_parts_css[] = {
#embed "web/parts.css"
};

static const unsigned char web_qr_js[] = {
#embed "web/qr.js"
};

static const unsigned char web_words_de_js[] = {
#embed "web/words/de.js"
};

static const unsigned char web_words_languages_js[] = {
#embed "web/words/languages.js"
};

static const unsigned char web_renew_js[] = {
#embed "web/renew.js"
};

static const unsigned char web_schema_js[] = {
#embed "web/schema.js"
};

static const unsigned char web_shell_js[] = {
#embed "web/shell.js"
};

static const unsigned char web_snippets_js[] = {
#embed "web/snippets.js"
};

static const unsigned char web_trial_js[] = {
#embed "web/trial.js"
};

static const unsigned char web_wonder_css[] = {
#embed "web/wonder.css"
};

static const unsigned char web_words_js[] = {
#embed "web/words.js"
};

static const unsigned char web_zip_js[] = {
#embed "web/zip.js"
};

static const unsigned char openapi_json[] = {
#embed "openapi.json"
};

static const cresource files[] = {
    {"mail/job.html", mail_job_html, sizeof mail_job_html},
    {"mail/job.txt", mail_job_txt, sizeof mail_job_txt},
    {"mail/notice.html", mail_notice_html, sizeof mail_notice_html},
    {"mail/notice.txt", mail_notice_txt, sizeof mail_notice_txt},
    {"page/ads.txt", page_ads_txt, sizeof page_ads_txt},
    {"page/await.js", page_await_js, sizeof page_await_js},
    {"page/banners.js", page_banners_js, sizeof page_banners_js},
    {"page/banners.txt", page_banners_txt, sizeof page_banners_txt},
    {"page/begin.js", page_begin_js, sizeof page_begin_js},
    {"page/look.js", page_look_js, sizeof page_look_js},
    {"page/place.js", page_place_js, sizeof page_place_js},
    {"page/scroll.js", page_scroll_js, sizeof page_scroll_js},
    {"page/style.js", page_style_js, sizeof page_style_js},
    {"page/settle.js", page_settle_js, sizeof page_settle_js},
    {"page/source.js", page_source_js, sizeof page_source_js},
    {"page/unstick.js", page_unstick_js, sizeof page_unstick_js},
    {"samples/photo.png", sample_photo, sizeof sample_photo},
    {"web/admin.html", web_admin_html, sizeof web_admin_html},
    {"web/api.js", web_api_js, sizeof web_api_js},
    {"web/charts.js", web_charts_js, sizeof web_charts_js},
    {"web/compare.js", web_compare_js, sizeof web_compare_js},
    {"web/docs.html", web_docs_html, sizeof web_docs_html},
    {"web/docs.js", web_docs_js, sizeof web_docs_js},
    {"web/dom.js", web_dom_js, sizeof web_dom_js},
    {"web/door.js", web_door_js, sizeof web_door_js},
    {"web/examples/convert.js", web_examples_convert_js, sizeof web_examples_convert_js},
    {"web/examples/convert.php", web_examples_convert_php, sizeof web_examples_convert_php},
    {"web/examples/convert.py", web_examples_convert_py, sizeof web_examples_convert_py},
    {"web/examples/convert.sh", web_examples_convert_sh, sizeof web_examples_convert_sh},
    {"web/examples/webhooks.json", web_examples_webhooks_json, sizeof web_examples_webhooks_json},
    {"web/favicon.svg", web_favicon_svg, sizeof web_favicon_svg},
    {"web/home.js", web_home_js, sizeof web_home_js},
    {"web/index.html", web_index_html, sizeof web_index_html},
    {"web/jump.js", web_jump_js, sizeof web_jump_js},
    {"web/language.js", web_language_js, sizeof web_language_js},
    {"web/live.js", web_live_js, sizeof web_live_js},
    {"web/map.js", web_map_js, sizeof web_map_js},
    {"web/measures.js", web_measures_js, sizeof web_measures_js},
    {"web/options.js", web_options_js, sizeof web_options_js},
    {"web/pages/account.js", web_pages_account_js, sizeof web_pages_account_js},
    {"web/pages/audit.js", web_pages_audit_js, sizeof web_pages_audit_js},
    {"web/pages/backup.js", web_pages_backup_js, sizeof web_pages_backup_js},
    {"web/pages/batch.js", web_pages_batch_js, sizeof web_pages_batch_js},
    {"web/pages/batches.js", web_pages_batches_js, sizeof web_pages_batches_js},
    {"web/pages/deliveries.js", web_pages_deliveries_js, sizeof web_pages_deliveries_js},
    {"web/pages/files.js", web_pages_files_js, sizeof web_pages_files_js},
    {"web/pages/formats.js", web_pages_formats_js, sizeof web_pages_formats_js},
    {"web/pages/health.js", web_pages_health_js, sizeof web_pages_health_js},
    {"web/pages/job.js", web_pages_job_js, sizeof web_pages_job_js},
    {"web/pages/jobs.js", web_pages_jobs_js, sizeof web_pages_jobs_js},
    {"web/pages/keys.js", web_pages_keys_js, sizeof web_pages_keys_js},
    {"web/pages/machines.js", web_pages_machines_js, sizeof web_pages_machines_js},
    {"web/pages/overview.js", web_pages_overview_js, sizeof web_pages_overview_js},
    {"web/pages/plans.js", web_pages_plans_js, sizeof web_pages_plans_js},
    {"web/pages/presets.js", web_pages_presets_js, sizeof web_pages_presets_js},
    {"web/pages/rates.js", web_pages_rates_js, sizeof web_pages_rates_js},
    {"web/pages/requests.js", web_pages_requests_js, sizeof web_pages_requests_js},
    {"web/pages/settings.js", web_pages_settings_js, sizeof web_pages_settings_js},
    {"web/pages/storages.js", web_pages_storages_js, sizeof web_pages_storages_js},
    {"web/pages/try.js", web_pages_try_js, sizeof web_pages_try_js},
    {"web/pages/usage.js", web_pages_usage_js, sizeof web_pages_usage_js},
    {"web/pages/users.js", web_pages_users_js, sizeof web_pages_users_js},
    {"web/pages/webhooks.js", web_pages_webhooks_js, sizeof web_pages_webhooks_js},
    {"web/pages/workspaces.js", web_pages_workspaces_js, sizeof web_pages_workspaces_js},
    {"web/parts.css", web_parts_css, sizeof web_parts_css},
    {"web/qr.js", web_qr_js, sizeof web_qr_js},
    {"web/words/de.js", web_words_de_js, sizeof web_words_de_js},
    {"web/words/languages.js", web_words_languages_js, sizeof web_words_languages_js},
    {"web/renew.js", web_renew_js, sizeof web_renew_js},
    {"web/schema.js", web_schema_js, sizeof web_schema_js},
    {"web/shell.js", web_shell_js, sizeof web_shell_js},
    {"web/snippets.js", web_snippets_js, sizeof web_snippets_js},
    {"web/trial.js", web_trial_js, sizeof web_trial_js},
    {"web/wonder.css", web_wonder_css, sizeof web_wonder_css},
    {"web/words.js", web_words_js, sizeof web_words_js},
    {"web/zip.js", web_zip_js, sizeof web_zip_js},
    {"openapi.json", openapi_json, sizeof openapi_json},
};

static const size_t own = sizeof files / sizeof files[0];

size_t cresources_count(void) { return own + cschema_count(); }

cresource cresources_at(size_t index) { return index < own ? files[index] : cschema_at(index - own); }
