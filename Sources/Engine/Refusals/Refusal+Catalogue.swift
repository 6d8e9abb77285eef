/// Everything that the engine refuses; the HTTP layer's own refusals are `HTTPFailure`.
extension Refusal {
  package static let missingKey = Refusal(
    "missing_key", 401, "An API key is required: send it as X-API-Key or as Authorization: Bearer.")
  package static let keyNeeded = Refusal("missing_key", 401, "An API key is required for a part of this request.")
  package static let invalidKey = Refusal("invalid_key", 401, "This API key is not valid.")
  package static let revokedKey = Refusal("revoked_key", 401, "This API key was revoked or has expired.")
  package static let workspaceNotApproved = Refusal(
    "workspace_not_approved", 403, "This workspace is not approved for API access.")
  package static let keyMayNotRead = Refusal("scope_missing", 403, "This API key may not read jobs.")
  package static let keyMayNotSubmit = Refusal("scope_missing", 403, "This API key may not submit jobs.")
  package static let originNotAllowed = Refusal(
    "origin_not_allowed", 403, "This public key may not be used from here; its workspace lists the allowed origins.")
  package static let secretKeyNeeded = Refusal(
    "secret_key_required", 403,
    "A public key can only ask for results at once (sync=true); use a secret key on your own server for the rest.")
  package static let unknownRequest = Refusal("access_request_not_found", 404, "There is no such access request.")
  package static let unknownUser = Refusal("user_not_found", 404, "There is no such user.")
  package static let unknownLink = Refusal("link_not_valid", 404, "This link was used already, or its time is over.")
  package static let accountExists = Refusal(
    "account_exists", 409,
    "There is an account with this address already, and a setup link changes none: take another address, or have "
      + "`wonder admin user add ADDRESS --role admin` make that person the administrator.")
  package static let hasAdmin = Refusal("setup_done", 409, "There is an administrator already.")
  package static let wrongPassword = Refusal("wrong_password", 401, "The address or the password is not right.")
  package static let secondFactorNeeded = Refusal(
    "second_factor_required", 401, "A code is needed, too: of your app, or one of those that you have written down.")
  package static let wrongCode = Refusal(
    "wrong_code", 401, "This code is not right, or was used already; an app has a new one every 30 seconds.")
  package static let secondFactorIsOn = Refusal(
    "second_factor_on", 409, "Codes are asked for already; turn that off first.")
  package static let noSecondFactor = Refusal(
    "second_factor_off", 409, "No codes are asked for at this account.")
  package static let ownSecondFactor = Refusal(
    "second_factor_own", 403,
    "Your own second step is turned off with a code, under Your account (DELETE /second-factor); without one another "
      + "administrator does it, or `wonder admin user reset-2fa ADDRESS` on the server.")
  package static let noTrustedUser = Refusal(
    "no_trusted_user", 409, "No proxy that this server trusts says who you are.")
  package static let providerOff = Refusal("provider_off", 409, "There is no provider to sign in with.")
  package static let providerFailed = Refusal(
    "provider_failed", 502, "The provider could not be asked, or is not believed; the log of this server says why.")
  package static let signOnRefused = Refusal(
    "sign_on_refused", 403, "This sign-in was not begun in this browser, took too long, or was refused; begin again.")
  package static let noAccount = Refusal(
    "account_missing", 403, "You are known, but have no account here; ask an administrator.")
  package static let unverifiedAddress = Refusal(
    "address_unverified", 403,
    "The provider does not say that it has verified your e-mail address, so nobody is found by it; ask an administrator to have the provider tell email and email_verified."
  )
  package static let unknownSession = Refusal("session_not_found", 404, "There is no session with this number.")
  package static let signInNeeded = Refusal("sign_in_required", 401, "Sign in first.")
  package static let notAllowed = Refusal("not_allowed", 403, "You may not do this; ask an administrator.")
  package static let forgedForm = Refusal(
    "form_token_missing", 403, "The request does not come from a page of this server: X-CSRF-Token is missing or wrong."
  )
  package static let mailNotSetUp = Refusal(
    "mail_not_set_up", 409, "Mail cannot be sent: WONDER_SMTP_URL and WONDER_MAIL_FROM are not set.")
  package static let unknownJob = Refusal("job_not_found", 404, "There is no such job in this workspace.")
  package static let unknownBatch = Refusal("batch_not_found", 404, "There is no such batch in this workspace.")
  package static let unknownPreset = Refusal("preset_not_found", 404, "There is no preset of this name.")
  package static let unknownStorage = Refusal("storage_not_found", 404, "There is no storage of this name.")
  package static let unknownWorkspace = Refusal("workspace_not_found", 404, "There is no such workspace.")
  package static let unknownKey = Refusal("key_not_found", 404, "There is no key with this number.")
  package static let unknownEndpoint = Refusal("endpoint_not_found", 404, "There is no endpoint with this number.")
  package static let unknownDelivery = Refusal("delivery_not_found", 404, "There is no delivery with this number.")
  package static let noWebhook = Refusal(
    "no_webhook", 409, "Nobody is told about this: the job has no webhook_url, and no endpoint has subscribed to it.")
  package static func unknownStyle(_ name: String) -> Refusal {
    Refusal(
      "unknown_style", 409,
      "The endpoint has the style \"\(name)\", which this server does not have; remove it and add it anew.")
  }
  package static let eventNotReached = Refusal(
    "event_not_reached", 409, "The job has not had this event, so there is nothing to send again.")
  package static let noReceiver = Refusal(
    "no_receiver", 409, "Nobody is there to take it: its endpoint is off or was removed.")
  package static let workspaceExists = Refusal("workspace_exists", 409, "There is a workspace with this slug already.")
  package static let notRetryable = Refusal(
    "job_not_retryable", 409, "Only a failed or canceled job whose files are still there can be tried again.")
  package static let jobHasStarted = Refusal("job_has_started", 409, "This job has been started already.")
  package static let jobHasEnded = Refusal("job_has_ended", 409, "This job has ended already.")
  package static let jobHasNotCompleted = Refusal(
    "job_not_completed", 409, "This job has no outputs yet; they can be changed when it is completed.")
  package static let operatorsOnly = Refusal(
    "operators_only", 401, "This address is for operators: sign in, or use the socket in the data directory.")
  package static let wrongStandbyToken = Refusal(
    "standby_token_wrong", 401, "This is not the WONDER_STANDBY_TOKEN of this server, or it has none.")
  package static let tooManyFollowers = Refusal(
    "too_many_followers", 409, "As many stand-bys follow this server as may; a restart forgets those that are gone.")
  package static let copyGone = Refusal(
    "copy_not_found", 404, "This copy was given up, or ended with a restart; ask for a new one.")
  package static let badJSON = Refusal("malformed_json", 400, "The body is not a JSON object.")
  package static let unknownFile = Refusal("file_not_found", 404, "There is no file at this address.")
  package static let expiredLink = Refusal(
    "link_expired", 410, "This download link has expired; ask for the job again to get a new one.")
  package static let downloadLocked = Refusal(
    "download_password_required", 401, "This file is opened with a password, and it is missing or wrong.")
  package static func tooManyPasswords(after seconds: Int) -> Refusal {
    Refusal(
      "too_many_passwords", 429, "Too many wrong passwords were tried; try again in \(seconds) s.", retryAfter: seconds)
  }
  package static func usedLink(_ most: Int64) -> Refusal {
    Refusal(
      "link_used_up", 410, "This download link was used \(most) times, as often as it may be; ask for a new one.")
  }
  package static let badIdempotencyKey = Refusal(
    "invalid_idempotency_key", 400, "An Idempotency-Key is 1 to 255 visible ASCII characters.")
  package static let idempotencyMismatch = Refusal(
    "idempotency_mismatch", 422, "This Idempotency-Key was used with other fields or files before.")
  package static let invalidFields = Refusal("invalid_fields", 422, "The request has missing or invalid fields.")
  package static let invalidFile = Refusal("invalid_file", 422, "A file cannot be used.")
  package static let unsupportedConversion = Refusal(
    "unsupported_conversion", 422, "This conversion is not available.")
  /// No rate leads from one currency to the other.
  package static func noRatePath(from base: String, to quote: String) -> Refusal {
    Refusal(
      "no_rate_path", 422, "There is no exchange rate from \(base) to \(quote), and none by way of a third currency.")
  }
  /// A file of rates cannot be read, for this reason; for operators.
  package static func unreadableRates(_ reason: String) -> Refusal {
    Refusal("unreadable_rates", 422, "These rates cannot be read, so none was taken: \(reason).")
  }
  /// Rates could not be fetched, for this reason; for operators.
  package static func unreachedRates(_ reason: String) -> Refusal {
    Refusal("unreached_rates", 502, "The rates could not be fetched: \(reason).")
  }
  package static let storageUnavailable = Refusal(
    "storage_unavailable", 503, "The server cannot store anything at the moment; try again later.", retryAfter: 30)
  package static let storageFull = Refusal(
    "storage_full", 503, "The server's disk is nearly full, so it takes no new jobs; try again later.", retryAfter: 60)
  package static let queueFull = Refusal(
    "queue_full", 503, "Too many jobs wait already; try again later.", retryAfter: 30)
  package static let clockUnsteady = Refusal(
    "clock_unsteady", 503,
    "The clock of the server was set a while ago, so nothing is removed for its age yet; try again later.",
    retryAfter: 60)
  package static let unknownToken = Refusal(
    "unknown_node", 401, "This token is of no node of this server; `wonder admin node add NAME` makes one.")
  package static let unknownNode = Refusal("node_not_found", 404, "There is no node of this name.")
  package static let nodeExists = Refusal("node_exists", 409, "There is a node of this name already.")
  package static func otherVersion(_ theirs: String, here: String) -> Refusal {
    Refusal("other_version", 409, "The node's wonder is \(theirs), and the server's is \(here); both must be the same.")
  }
  package static let orderGone = Refusal("order_gone", 410, "Nobody waits for this order any more.")
  package static let stopping = Refusal(
    "stopping", 503, "The server is being stopped; try again in a moment.", retryAfter: 5)
  package static let internalError = Refusal(
    "internal_error", 500, "Something went wrong on our side; the request id finds it in the log.")

  /// Needs plan `name`, in the words of the gate; nil when no plan has it.
  package static func planRequired(_ feature: String, plan name: String?) -> Refusal {
    let way = name.map { "it comes with plan \($0)." } ?? "no plan of this server has it."
    return Refusal("plan_required", 403, "\(feature) is not part of this workspace's plan; \(way)")
  }

  /// A part of the data directory is not where it was.
  package static func storageLost(_ reason: String) -> Refusal {
    Refusal(
      "storage_unavailable", 503, "The server cannot store anything at the moment: \(reason); try again later.",
      retryAfter: 30)
  }

  /// The files of the data directory cannot be seen, for this reason; for operators.
  package static func couldNotLook(_ reason: String) -> Refusal {
    Refusal("storage_unreadable", 503, "The files could not all be looked at: \(reason).", retryAfter: 30)
  }

  /// A backup would lack files that jobs name; for operators.
  package static func incompleteBackup(_ missing: Int) -> Refusal {
    Refusal(
      "backup_incomplete", 409,
      "\(missing) files that jobs name are not there; `wonder admin check` lists them, and `wonder admin backup` saves "
        + "the rest.")
  }

  /// An access request that was decided before.
  package static func requestDecided(_ state: String) -> Refusal {
    Refusal("access_request_decided", 409, "This access request is \(state) already.")
  }

  static func tooManyApplications(after seconds: Int) -> Refusal {
    Refusal(
      "too_many_access_requests", 429, "Too many access requests came from here; try again later.", retryAfter: seconds)
  }

  static func tooManySignIns(after seconds: Int) -> Refusal {
    Refusal("too_many_sign_ins", 429, "Too many attempts to sign in; try again in \(seconds) s.", retryAfter: seconds)
  }

  /// The workspace's files are as many bytes as its plan allows.
  static func storageQuota(_ limit: Int64, plan: String? = nil) -> Refusal {
    Refusal(
      "storage_quota_exceeded", 429,
      "This workspace may keep \(limit) bytes of files\(plan.map { " on plan \($0)" } ?? ""); "
        + "delete files or jobs, or wait until the files of jobs expire.",
      retryAfter: 3600)
  }

  /// Too many requests a minute of a key, or of an address without one.
  static func rateLimited(
    _ permission: Permission, _ who: String, _ allowance: Allowance, after seconds: Int64
  ) -> Refusal {
    let requests = permission == .read ? "reads" : "writes"
    return Refusal(
      "rate_limited", 429,
      "\(who) may make \(allowance.limit) \(requests) a minute; try again in \(seconds) s.", retryAfter: Int(seconds)
    ).leaving(allowance)
  }

  /// Too many submissions of a key in a day, or of an address without one.
  static func dayIsUsedUp(_ who: String, _ allowance: Allowance, after seconds: Int64) -> Refusal {
    let limit = allowance.day?.limit ?? allowance.limit
    return Refusal(
      "rate_limited", 429, "\(who) may make \(limit) submissions a day; try again in \(seconds) s.",
      retryAfter: Int(seconds)
    ).leaving(allowance)
  }

  /// No more addresses can be counted.
  static func tooManyVisitors(after seconds: Int64) -> Refusal {
    Refusal(
      "rate_limited", 429, "Too many visitors came without a key; use a key, or try again in \(seconds) s.",
      retryAfter: Int(seconds))
  }

  /// More files a minute with one key than its plan allows.
  package static func tooManyFiles(_ limit: Int64, after seconds: Int64) -> Refusal {
    Refusal(
      "too_many_files", 429, "This key may send \(limit) files a minute on average; try again in \(seconds) s.",
      retryAfter: Int(seconds))
  }

  /// More jobs of one workspace would wait than it may have.
  package static func tooManyWaiting(_ limit: Int64) -> Refusal {
    Refusal(
      "too_many_waiting", 429,
      "This workspace may have \(limit) jobs waiting at the moment; send more when some of them have been done.",
      retryAfter: 30)
  }

  /// More sites of one workspace would be searched than may be.
  package static func tooManySites(_ limit: Int) -> Refusal {
    Refusal(
      "too_many_waiting", 429,
      "This workspace may have \(limit) sites searched at once; send more when some of them have been.",
      retryAfter: 30)
  }

  /// The workspace's jobs of this month are used up; `seconds` are left of the month.
  static func monthlyQuota(_ limit: Int64, plan: String, after seconds: Int64) -> Refusal {
    Refusal(
      "quota_exceeded", 429,
      "This workspace has used the \(limit) jobs that plan \(plan) allows in a month (UTC).", retryAfter: Int(seconds))
  }

  /// The whole list, for the documentation and its test.
  package static let all: [Refusal] = [
    missingKey, keyNeeded, invalidKey, revokedKey, originNotAllowed, secretKeyNeeded, unknownRequest, unknownUser,
    unknownLink,
    hasAdmin, wrongPassword, secondFactorNeeded, wrongCode, secondFactorIsOn, noSecondFactor, ownSecondFactor,
    unknownSession, noTrustedUser,
    providerOff, providerFailed, signOnRefused, noAccount, unverifiedAddress,
    signInNeeded, wrongStandbyToken, tooManyFollowers, copyGone, notAllowed, forgedForm, mailNotSetUp,
    requestDecided("approved"),
    noReceiver,
    tooManyApplications(after: 1), tooManySignIns(after: 1), storageQuota(1, plan: "pro"), workspaceNotApproved,
    keyMayNotRead, keyMayNotSubmit,
    planRequired("The jobs API", plan: "pro"), unknownJob, unknownBatch, unknownPreset, unknownStorage,
    unknownWorkspace, unknownKey,
    unknownEndpoint, unknownDelivery, noWebhook, unknownStyle("old"), eventNotReached, workspaceExists, notRetryable,
    jobHasStarted,
    jobHasEnded, jobHasNotCompleted, operatorsOnly, badJSON, unknownFile, expiredLink, usedLink(10), downloadLocked,
    tooManyPasswords(after: 1), badIdempotencyKey,
    idempotencyMismatch, invalidFields, invalidFile, unsupportedConversion,
    rateLimited(.read, "This key", Allowance(limit: 600, remaining: 0, resetSeconds: 60), after: 1),
    monthlyQuota(50_000, plan: "pro", after: 1), tooManyFiles(1, after: 1), tooManyWaiting(1), accountExists,
    couldNotLook("why"), incompleteBackup(1), noRatePath(from: "EUR", to: "XXX"), unreadableRates("why"),
    unreachedRates("why"), storageUnavailable,
    storageFull, queueFull, clockUnsteady, unknownToken, unknownNode, nodeExists, otherVersion("0.2.0", here: "0.1.0"),
    orderGone, stopping,
    internalError,
  ]
}
