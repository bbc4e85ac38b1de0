import Glibc

/// The code of the program in memory.
package enum ProgramPages {
    /// Lets go of the code that is in memory at this moment, for the end of a start: most of it was needed once, and would
    /// count as resident for as long as the process lives. A part that is needed again comes back from the memory of the
    /// system, sixteen pages at a time, in about a microsecond.
    ///
    /// Code is mapped from the files of the program and its libraries and is never written, so nothing is lost (proc(5),
    /// `/proc/PID/maps`; madvise(2), `MADV_DONTNEED`). Where the system does not tell what is mapped, nothing happens.
    package static func release() {
        guard let file = fopen("/proc/self/maps", "re") else { return }
        defer { fclose(file) }
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        while getline(&line, &capacity, file) > 0, let line {
            guard let code = codeRange(String(cString: line)) else { continue }
            madvise(UnsafeMutableRawPointer(bitPattern: code.lowerBound), code.count, MADV_DONTNEED)
        }
    }

    /// The addresses in a line such as `55d0-55e0 r-xp 00000000 fe:00 4711 /usr/bin/tessera`; `nil` for a mapping that may be
    /// written, is not executable or has no file.
    static func codeRange(_ line: String) -> Range<UInt>? {
        let words = line.split(separator: " ")
        guard words.count >= 6, words[1] == "r-xp", words[5].hasPrefix("/") else { return nil }
        let ends = words[0].split(separator: "-")
        guard ends.count == 2, let start = UInt(ends[0], radix: 16), let end = UInt(ends[1], radix: 16),
            start < end
        else { return nil }
        return start..<end
    }
}
