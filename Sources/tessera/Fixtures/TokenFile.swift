import Glibc
import TesseraCore

/// A file of tokens, one on each line, that only its owner can read.
final class TokenFile {
    private let descriptor: Int32
    private let path: String

    /// Creates the file, or empties it.
    init(creating path: String) throws(Failure) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw Failure("cannot write \(path): \(String(cString: strerror(errno))).")
        }
        // An existing file may have been readable by others.
        fchmod(descriptor, 0o600)
    }

    deinit { close(descriptor) }

    func append(_ tokens: [TokenSecret]) throws(Failure) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(tokens.count * (TokenFormat.length + 1))
        for token in tokens {
            bytes += token.plainText.utf8
            bytes.append(0x0A)
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw Failure("cannot write \(path): \(String(cString: strerror(errno))).")
            }
            rest = rest.dropFirst(count)
        }
    }
}
