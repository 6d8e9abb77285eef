import Appliance
import Glibc

exit(
  Commands.run(
    ProcessEnvironment.words, environment: ProcessEnvironment.variables, console: .standard))
