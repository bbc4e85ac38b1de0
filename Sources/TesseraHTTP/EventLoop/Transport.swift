import Glibc
import TesseraCLinux

/// Reads from and writes to a socket, with or without TLS; plain TCP costs one branch.
enum Transport {
    case plain
    case tls(TLSSession)

    /// The result of an attempt to read or write.
    enum Outcome {
        /// This number of bytes was moved. `isPartial` means fewer than possible, so that the next attempt would block.
        case moved(Int, isPartial: Bool)
        case wouldBlock
        /// The other end has closed its side.
        case ended
        case failed
    }

    func read(_ socket: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        switch self {
        case .plain:
            while true {
                let count = tessera_receive(socket, buffer.baseAddress, buffer.count)
                if count > 0 { return .moved(count, isPartial: count < buffer.count) }
                if count == 0 { return .ended }
                if errno == EINTR { continue }
                return errno == EAGAIN ? .wouldBlock : .failed
            }
        case .tls(let session):
            return session.read(into: buffer)
        }
    }

    func write(_ socket: Int32, _ bytes: UnsafeRawBufferPointer) -> Outcome {
        switch self {
        case .plain:
            while true {
                let count = tessera_send(socket, bytes.baseAddress, bytes.count)
                if count >= 0 { return .moved(count, isPartial: count < bytes.count) }
                if errno == EINTR { continue }
                return errno == EAGAIN ? .wouldBlock : .failed
            }
        case .tls(let session):
            return session.write(bytes)
        }
    }

    /// Tells the other end that no more data follows.
    func endWriting(_ socket: Int32) {
        if case .tls(let session) = self { session.endWriting() }
        shutdown(socket, Int32(SHUT_WR))
    }
}
