extension Setting {
  package static let launcher = Setting(
    "WONDER_LAUNCHER", .text, "",
    "a program that runs a command line on another machine, such as srun -Q -n1; {lane} and {minutes} stand for the step's lane and the longest time of a job; nothing runs all here"
  )
  package static let launchLanes = Setting(
    "WONDER_LAUNCH_LANES", .text, "office, media, page",
    "the lanes whose work goes to other machines: some of quick, office, media and page")
  package static let launchFolder = Setting(
    "WONDER_LAUNCH_FOLDER", .text, "",
    "a folder by its whole path that all machines reach under the same name; nothing means one in the data directory")
  package static let launches = Setting(
    "WONDER_LAUNCHES", .count(1...256), "8", "calls of the launcher at once")
  package static let launchProgram = Setting(
    "WONDER_LAUNCH_PROGRAM", .path, "/usr/bin/wonder", "where the other machines have this program")

  package static let joinURL = Setting(
    "WONDER_JOIN_URL", .url, "", "the server that this machine works for, for `wonder join`")
  package static let nodeToken = Setting(
    "WONDER_NODE_TOKEN", .text, "", "the token of `wonder admin node add`, for `wonder join`", isSecret: true)
  package static let joinJobs = Setting(
    "WONDER_JOIN_JOBS", .count(0...256), "0", "orders at once for `wonder join`; 0 means one for each processor")

  /// What has work done by other machines.
  package static let remote: [Setting] = [
    launcher, launchLanes, launchFolder, launches, launchProgram, joinURL, nodeToken, joinJobs,
  ]

  /// What a bench goes by, wherever it is: it goes along with an order.
  package static let ofSteps: [Setting] = [
    sandbox, engines, maxPixels, maxSide, maxOutput, pngCodec, threads, allowPrivateTargets, targetPorts,
  ]
}
