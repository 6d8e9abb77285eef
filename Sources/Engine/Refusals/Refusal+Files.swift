/// What is refused of stored files, their folders, and files that come in parts.
extension Refusal {
  package static let unknownStoredFile = Refusal("file_not_found", 404, "There is no such file in this workspace.")
  package static let unknownFolder = Refusal("folder_not_found", 404, "There is no such folder in this workspace.")
  package static let folderInItself = Refusal(
    "folder_in_itself", 422, "A folder cannot be in itself or in one of its own.")
  package static func tooManyLevels(_ most: Int) -> Refusal {
    Refusal("too_many_folders", 422, "More than \(most) folders would be in each other.")
  }
  package static func tooManyFolders(_ most: Int) -> Refusal {
    Refusal("too_many_folders", 422, "This workspace has \(most) folders already, as many as it may.")
  }
  package static func fileSize(_ most: Int64) -> Refusal {
    Refusal("file_size_not_allowed", 422, "A file that comes in parts has from 1 to \(most) bytes.")
  }
  package static func uploadIsTooLong(_ size: Int64) -> Refusal {
    Refusal("upload_too_long", 422, "More bytes came than the \(size) that this upload was begun for.")
  }
  package static let unknownUpload = Refusal(
    "upload_not_found", 404, "There is no such upload: it was not begun here, or nothing has come of it for a day.")
  package static let uploadIsBusy = Refusal(
    "upload_busy", 423, "Another part of this upload is being received; ask where it is, and go on from there.",
    retryAfter: 1)
  package static let uploadIsComplete = Refusal("upload_complete", 409, "This upload is complete already.")
  package static func uploadIsElsewhere(_ received: Int64) -> Refusal {
    Refusal("upload_offset_mismatch", 409, "The next byte of this upload is number \(received); go on from there.")
  }
  package static func uploadIsIncomplete(_ received: Int64, of size: Int64) -> Refusal {
    Refusal("upload_incomplete", 409, "\(received) of the \(size) bytes of this upload have come.")
  }
  /// More uploads of one workspace would be under way than may be.
  package static func tooManyUploads(_ most: Int) -> Refusal {
    Refusal("too_many_uploads", 429, "This workspace may have \(most) uploads under way; finish some.", retryAfter: 60)
  }
}
