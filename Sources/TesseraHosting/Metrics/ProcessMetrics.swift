import Glibc
package import TesseraTime

/// What the system says about this process, by the names that Prometheus gives to it.
package enum ProcessMetrics {
    /// What cannot be read is left out.
    ///
    /// - Parameter start: When the process began to serve.
    package static func all(since start: NumericDate) -> [Metric] {
        var metrics: [Metric] = []
        if let bytes = residentBytes {
            metrics.append(
                Metric("process_resident_memory_bytes", .gauge, "Memory in use, in bytes.", bytes))
        }
        var usage = rusage()
        if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
            metrics.append(
                Metric(
                    "process_cpu_seconds_total", .counter, "Processor time used, by user and system.",
                    seconds(usage.ru_utime) + seconds(usage.ru_stime)))
        }
        metrics.append(
            Metric(
                "process_start_time_seconds", .gauge, "When the process began to serve.",
                Double(start.milliseconds) / 1_000))
        return metrics
    }

    /// How much memory the process uses; `nil` where the system does not tell.
    // The second number of `statm` is the count of pages in memory (proc(5)).
    package static var residentBytes: Int? {
        guard let file = fopen("/proc/self/statm", "re") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return nil }
        let numbers = line.split(separator: CChar(bitPattern: UInt8(ascii: " ")))
        guard numbers.count > 1 else { return nil }
        let pages = Int(String(decoding: numbers[1].map { UInt8(bitPattern: $0) }, as: UTF8.self))
        return pages.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
    }
}
