import Appliance
import Glibc

exit(
  Commands.run(
    Array(CommandLine.arguments.dropFirst()), environment: ProcessEnvironment.variables, console: .standard))
