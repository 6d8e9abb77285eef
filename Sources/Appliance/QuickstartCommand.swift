import Basics
import Dashboard

/// The command `wonder quickstart`.
enum QuickstartCommand {
  static let workspace = "demo"

  static let command = Command(
    "quickstart", "makes a workspace with a key for a first look: prints a curl line that works as pasted",
    options: [
      Command.Option("--plan", "PLAN", "the plan of the workspace (pro)"),
      Command.Option("--key-only", nil, "print nothing but the key"),
    ],
    examples: ["wonder quickstart", "KEY=$(wonder quickstart --key-only)"]
  ) { call in
    let client = try AdminClient.connect(call.settings)
    defer { client.close() }
    let answer = try client.ask(
      "POST", AdminAPI.prefix + "/quickstart",
      .object([("workspace", .string(workspace)), ("plan", .string(call["--plan"] ?? "pro"))]))
    let key = answer["quickstart"]?["key"]?.string ?? ""
    if call["--key-only"] != nil {
      call.console.out(key)
    } else {
      call.console.out(text(key: key, base: try ServerAddress.base(client, call.settings)))
    }
    return .done
  }

  /// The seed page's own request, with a picture that the server itself has.
  private static func text(key: String, base: String) -> String {
    """
    Workspace \(workspace), key (shown only now): \(key)

    Convert a sample picture, when the server runs:

    curl -s \(base)/samples/photo.png -o photo.png && curl -X POST "\(base)/api/v1/jobs" \\
      -H "X-API-Key: \(key)" \\
      -H "Idempotency-Key: first-run-001" \\
      -F "conversion_type=image" \\
      -F "from=png" \\
      -F "to=jpg" \\
      -F "total_files=1" \\
      -F "total_size=0.08" \\
      -F "files[]=@photo.png"

    The answer has a job_status_url; ask it with the same key until the status is completed:

    curl -H "X-API-Key: \(key)" JOB_STATUS_URL
    """
  }
}
