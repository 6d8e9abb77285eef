/// What a job has beside its row: nothing for most, so that nothing more is read for them.
package struct JobExtras: OptionSet, Sendable {
  package let rawValue: Int64

  package init(rawValue: Int64) {
    self.rawValue = rawValue
  }

  /// Rows in `tasks`.
  package static let tasks = JobExtras(rawValue: 1)
  /// It came with secrets; their rows are there until it ends.
  package static let secrets = JobExtras(rawValue: 2)
  /// Its files are opened with a password.
  package static let downloadPasswords = JobExtras(rawValue: 4)
  /// Its outputs go to places elsewhere, too.
  package static let targets = JobExtras(rawValue: 8)
  /// A file that cannot be fetched is left out, as long as there is another.
  package static let forgivesInputs = JobExtras(rawValue: 16)
  /// What cannot be converted is left out, as long as something else can.
  package static let forgivesTasks = JobExtras(rawValue: 32)
  /// Several outputs of one file become an archive.
  package static let packsParts = JobExtras(rawValue: 64)
  /// Pages of one file are called page_1, page_2 and so on, and JPEG files end with .jpeg.
  package static let namesPages = JobExtras(rawValue: 128)
  /// Nothing is made of its files, which become its outputs as they are.
  package static let copiesFiles = JobExtras(rawValue: 512)
  /// There is a wish of what is to be stored of it.
  package static let storesFiles = JobExtras(rawValue: 256)
  /// What is stored of an archive keeps its folders.
  package static let storesFolders = JobExtras(rawValue: 2048)
  /// Each of its tasks goes on with what the one before has made.
  package static let chain = JobExtras(rawValue: 1024)

  /// What the maker of a job wishes, rather than what there are rows of.
  package static let wishes: JobExtras = [
    forgivesInputs, forgivesTasks, packsParts, namesPages, copiesFiles, storesFolders, chain,
  ]
}
