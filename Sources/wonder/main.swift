import Conversion
import Glibc

if CommandLine.arguments.dropFirst().first == "worker" { exit(WorkerMain.run()) }
print("wonder")
