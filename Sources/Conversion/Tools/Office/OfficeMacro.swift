/// The program in LibreOffice's own Basic that obeys orders: each is a file, whose rows are what `OfficeOrder` writes.
///
/// `Once` obeys the one that is there and ends LibreOffice. `Serve` obeys one after the other, and takes each away when it is
/// done. What becomes of an order stands in a report of one row: how far it came, and what LibreOffice asked on the way.
enum OfficeMacro {
  /// The folder of the call by the way that needs no right on those above it.
  static let folder = "file:///proc/self/cwd"
  static let library = "Standard"
  static let module = "Office"

  static let source = """
    Option Explicit

    Private asked As String
    Private secret As String
    Private hasTried As Boolean

    Sub Serve
      Do
        Do While Not FileExists("\(OfficeMacro.folder)/order")
          Wait 5
        Loop
        If FileLen("\(OfficeMacro.folder)/order") > 0 Then
          Obey
        End If
        Kill "\(OfficeMacro.folder)/order"
      Loop
    End Sub

    Sub Once
      Obey
      StarDesktop.terminate()
    End Sub

    Sub Tell(text As String)
      Dim channel As Integer
      channel = FreeFile
      Open "\(OfficeMacro.folder)/report" For Output As #channel
      Print #channel, text
      Close #channel
    End Sub

    Sub Add(list As Variant, name As String, value As Variant)
      Dim count As Integer
      Dim item As New com.sun.star.beans.PropertyValue
      item.Name = name
      item.Value = value
      count = UBound(list) + 1
      ReDim Preserve list(count)
      list(count) = item
    End Sub

    Sub Obey
      Dim channel As Integer
      Dim row As String
      Dim word As String
      Dim rest As String
      Dim source As String
      Dim target As String
      Dim place As Integer
      Dim loading As Variant
      Dim storing As Variant
      Dim details As Variant
      Dim document As Object
      Dim verdict As String
      asked = "nothing"
      secret = ""
      hasTried = False
      verdict = "order"
      On Error GoTo Failed
      loading = Array()
      storing = Array()
      details = Array()
      Add(loading, "Hidden", True)
      Add(loading, "ReadOnly", True)
      Add(loading, "MacroExecutionMode", 0)
      Add(loading, "UpdateDocMode", 0)
      Add(loading, "InteractionHandler", CreateUnoListener("Ask_", "com.sun.star.task.XInteractionHandler"))
      channel = FreeFile
      Open "\(OfficeMacro.folder)/order" For Input As #channel
      Do While Not EOF(channel)
        Line Input #channel, row
        place = InStr(row, " ")
        word = Left(row, place - 1)
        rest = Mid(row, place + 1)
        Select Case word
          Case "source"
            source = "\(OfficeMacro.folder)/" & rest
          Case "target"
            target = "\(OfficeMacro.folder)/" & rest
          Case "reader"
            Add(loading, "FilterName", rest)
          Case "reading"
            Add(loading, "FilterOptions", rest)
          Case "writer"
            Add(storing, "FilterName", rest)
          Case "writing"
            Add(storing, "FilterOptions", rest)
          Case "secret"
            secret = secret & Chr(CLng(rest))
          Case "true"
            Add(details, rest, True)
          Case "number"
            place = InStr(rest, " ")
            Add(details, Left(rest, place - 1), CLng(Mid(rest, place + 1)))
        End Select
      Loop
      Close #channel
      If UBound(details) >= 0 Then
        Add(storing, "FilterData", CreateUnoValue("[]com.sun.star.beans.PropertyValue", details))
      End If
      verdict = "load"
      document = StarDesktop.loadComponentFromURL(source, "_blank", 0, loading)
      If IsNull(document) Then
        Tell "load " & asked
        Exit Sub
      End If
      verdict = "store"
      document.storeToURL(target, storing)
      verdict = "close"
      document.close(True)
      Tell "done " & asked
      Exit Sub
    Failed:
      Tell verdict & " " & asked & " " & Err & " " & Error$
    End Sub

    Sub Ask_handle(request As Object)
      Dim ways As Variant
      Dim index As Integer
      On Error Resume Next
      ways = request.getContinuations()
      For index = 0 To UBound(ways)
        If HasUnoInterfaces(ways(index), "com.sun.star.task.XInteractionPassword") Then
          asked = "password"
          If secret <> "" And Not hasTried Then
            hasTried = True
            ways(index).setPassword(secret)
            ways(index).select()
            Exit Sub
          End If
        End If
      Next
      For index = 0 To UBound(ways)
        If HasUnoInterfaces(ways(index), "com.sun.star.task.XInteractionAbort") Then
          ways(index).select()
        End If
      Next
    End Sub
    """
}
