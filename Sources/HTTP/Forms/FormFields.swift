/// The text fields of a form, in their order.
package typealias FormFields = [(name: String, value: String)]

extension FormFields {
  /// A field's value; one that is empty counts as not sent, as browsers and generated clients mean it.
  package func text(_ name: String) -> String? {
    // By bytes: their number differs for nearly every other name, and a form may have a thousand.
    let wanted = name.utf8
    return last { field in
      field.name.utf8.count == wanted.count && field.name.utf8.elementsEqual(wanted) && !field.value.isEmpty
    }?.value
  }

  /// The fields of a group by their names in it: `options[quality]=80` is `quality` of the group `options`.
  package func group(_ name: String) -> [String: String] {
    let start = "\(name)["
    var group: [String: String] = [:]
    for field in self where field.name.hasPrefix(start) && field.name.hasSuffix("]") && !field.value.isEmpty {
      group[String(field.name.dropFirst(start.count).dropLast())] = field.value
    }
    return group
  }
}
