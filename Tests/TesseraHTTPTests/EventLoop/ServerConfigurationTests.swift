import Glibc
import TesseraHTTP
import Testing

@Suite struct ServerConfigurationTests {
    /// The kernel's report on this process: `Cpus_allowed:` with hexadecimal digits, in groups.
    private var allowedProcessors: Int? {
        guard let status = fopen("/proc/self/status", "r") else { return nil }
        defer { fclose(status) }
        var line: UnsafeMutablePointer<CChar>?
        var room = 0
        defer { free(line) }
        while getline(&line, &room, status) > 0, let line {
            let text = String(cString: line)
            guard text.hasPrefix("Cpus_allowed:") else { continue }
            return text.dropFirst(13).reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
        }
        return nil
    }

    @Test func processorsAreThoseThatThisProcessMayUse() throws {
        #expect(ServerConfiguration.processors == (try #require(allowedProcessors)))
        #expect(ServerConfiguration().loops == ServerConfiguration.processors)
    }
}
