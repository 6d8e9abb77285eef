import Basics

extension ZygoteProcess {
  static func start(_ program: ProgramFile, _ settings: WorkerSettings) throws(SystemFailure) -> ZygoteProcess {
    let (server, worker) = try Channel.pair()
    let zygote = ZygoteProcess(process: try program.start(control: worker.descriptor), control: server)
    do {
      try server.send(ZygoteRequest.begin(settings).json)
    } catch {
      zygote.kill()
      throw error
    }
    return zygote
  }
}
