import Basics

/// The command `wonder manpage`.
enum ManpageCommand {
  static let command = Command(
    "manpage", "prints a page of the manual for man(1)", operands: "[PAGE]", count: 0...1,
    examples: ["wonder manpage wonder.conf | man -l -", "wonder manpage wonder-admin > wonder-admin.8"]
  ) { call in
    let name = call.operands.first ?? "wonder"
    guard let page = ManualPages.page(name, of: call.commands) else {
      throw UsageFailure("no page \(name); there are \(ManualPages.all.map(\.name).joined(separator: ", "))")
    }
    call.console.out(String(page.dropLast()))
    return .done
  }
}
