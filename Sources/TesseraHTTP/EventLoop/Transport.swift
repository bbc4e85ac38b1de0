import Glibc
import TesseraCLinux

/// How bytes get to and from a socket; plain TCP costs one branch.
enum Transport {
    case plain
    case tls(TLSSession)

    /// What became of an attempt to read or write.
    enum Outcome {
        /// So many bytes were moved. `isPartial`: fewer than could have been, so the next attempt would block.
        case moved(Int, isPartial: Bool)
        case wouldBlock
        /// The other end will send nothing more.
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

    /// Tells the other end that nothing more will be sent.
    func endWriting(_ socket: Int32) {
        if case .tls(let session) = self { session.endWriting() }
        shutdown(socket, Int32(SHUT_WR))
    }
}
