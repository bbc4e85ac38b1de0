import Glibc
import Synchronization
public import TesseraPostgres
import TesseraStores

/// A real PostgreSQL for tests, in a temporary directory. Its data lasts as long as the process.
///
/// A shell between the tests and the server stops the server and removes the directory when its pipe breaks, so this
/// also happens when the test process crashes.
public final class PostgresServer: Sendable {
    /// The server or one of its programs could not be run.
    public struct Unavailable: Error, CustomStringConvertible {
        /// The reason, with the output of the program.
        public let description: String
    }

    private static let shared = Task { try await PostgresServer() }
    private static let databaseCount = Atomic<Int>(0)

    private let programs: String
    private let directory: String
    /// The port on 127.0.0.1, which requires a password. The UNIX socket requires none.
    public let port: Int
    /// The path of the UNIX socket.
    public var socketName: String { "\(directory)/.s.PGSQL.\(port)" }
    /// The first process of the server.
    public let process: Int32
    private let lifeline: Int32

    /// The server that all tests of the process share. The first call starts it.
    public static func running() async throws -> PostgresServer { try await shared.value }

    /// Starts a server for one test, which may stop or freeze it.
    public convenience init() async throws { try await self.init(PostgresPrograms.find()) }

    private init(_ programs: String) async throws {
        self.programs = programs
        var template = Array("/tmp/tessera-postgres-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Unavailable(description: "no temporary directory") }
        let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.directory = directory
        port = try Self.freePort()
        (process, lifeline) = try await Self.start(programs, directory, port)
    }

    deinit { close(lifeline) }

    /// Creates a database, empty or as a copy of another, and returns its URL over the UNIX socket.
    public func makeDatabase(copyOf template: String? = nil) async throws -> PostgresURL {
        let name = "test\(Self.databaseCount.wrappingAdd(1, ordering: .relaxed).newValue)"
        try await execute("CREATE DATABASE \(name)\(template.map { " TEMPLATE \($0)" } ?? "")")
        return try url(of: name)
    }

    /// The URL of a database, over the UNIX socket.
    public func url(of database: String) throws -> PostgresURL {
        try url(of: database, by: directory)
    }

    /// The URL of a database over a UNIX socket in another directory, which belongs to a proxy.
    public func url(of database: String, by directory: String) throws -> PostgresURL {
        try PostgresURL("postgres://postgres@/\(database)?host=\(directory)&port=\(port)")
    }

    /// Runs SQL as the superuser and returns its output, with a line for each row.
    @discardableResult
    public func execute(_ sql: String, in database: String = "postgres") async throws -> String {
        try await Self.run([
            "\(programs)/psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
            "--set=ON_ERROR_STOP=1",
            "--host=\(directory)", "--port=\(port)", "--username=postgres", "--dbname=\(database)",
            "--command", sql,
        ])
    }

    /// Suspends every process of the server, like a hanging machine.
    public func freeze() { signal(SIGSTOP) }

    /// Resumes all processes.
    public func thaw() { signal(SIGCONT) }

    /// Suspends one process of the server. To its client, this looks like a silent network failure.
    public func freeze(_ process: Int32) { kill(process, SIGSTOP) }

    /// Resumes one process.
    public func thaw(_ process: Int32) { kill(process, SIGCONT) }

    /// The processes that serve the notification connections of this database.
    public func listeners(in url: PostgresURL) async throws -> [Int32] {
        try await execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = '\(url.database)' AND query LIKE 'NOTIFY %'"
        ).split(separator: "\n").compactMap { Int32($0) }
    }

    private func signal(_ signal: Int32) {
        // Each process of the server has its own session, but all are children of the first.
        for child in children() + [process] { kill(child, signal) }
    }

    private func children() -> [pid_t] {
        guard let file = fopen("/proc/\(process)/task/\(process)/children", "r") else { return [] }
        defer { fclose(file) }
        var children: [pid_t] = []
        var child: pid_t = 0
        while withUnsafeMutablePointer(
            to: &child,
            { pointer in
                withVaList([pointer]) { vfscanf(file, "%d", $0) }
            }) == 1
        { children.append(child) }
        return children
    }

    // MARK: Starting

    private static let watchdog = """
        set -e
        programs=$1 directory=$2 port=$3
        as_server=
        if [ "$(id -u)" = 0 ]; then
            # PostgreSQL refuses to run as root.
            chown postgres "$directory"
            as_server='setpriv --reuid=postgres --regid=postgres --clear-groups'
        fi
        cd "$directory"
        $as_server "$programs/initdb" --pgdata="$directory/data" --username=postgres --encoding=UTF8 --locale=C \\
            --auth-local=trust --auth-host=scram-sha-256 --no-sync --no-instructions >/dev/null
        $as_server "$programs/postgres" -D "$directory/data" -k "$directory" -p "$port" -c listen_addresses=127.0.0.1 \\
            -c fsync=off -c full_page_writes=off -c max_connections=200 -c log_min_messages=panic \\
            >/dev/null 2>&1 4>&- &
        server=$!
        # The shell ignores the signals that would end it.
        trap '' INT TERM HUP
        echo "$server" >&4
        exec 4>&-
        # Closes its output, so that readers of the tests' output do not wait for the cleanup.
        exec >/dev/null 2>&1
        read -r _ || true
        kill -CONT "$server" 2>/dev/null || true
        kill -QUIT "$server" 2>/dev/null || true
        wait "$server" || true
        rm -rf "$directory"
        """

    private static func start(
        _ programs: String, _ directory: String, _ port: Int
    ) async throws -> (process: pid_t, lifeline: Int32) {
        var life: [Int32] = [0, 0]
        var answer: [Int32] = [0, 0]
        guard pipe(&life) == 0, pipe(&answer) == 0 else { throw Unavailable(description: "no pipes") }
        for descriptor in life + answer { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        try spawn(
            ["/bin/sh", "-c", watchdog, "sh", programs, directory, String(port)],
            descriptors: [(life[0], 0), (answer[1], 4)])
        close(life[0])
        close(answer[1])
        let line = await readAll(answer[0])
        guard let process = pid_t(line.filter(\.isNumber)) else {
            throw Unavailable(description: "PostgreSQL could not be started")
        }
        // The socket exists before the server is ready to answer.
        let question = [
            "\(programs)/pg_isready", "--quiet", "--host=\(directory)", "--port=\(port)",
            "--username=postgres",
        ]
        for _ in 0..<1_000 {
            do {
                _ = try await run(question)
                break
            } catch is Unavailable {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        return (process, life[1])
    }

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw Unavailable(description: "no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    // MARK: Processes

    private static func run(_ arguments: [String]) async throws -> String {
        var output: [Int32] = [0, 0]
        guard pipe(&output) == 0 else { throw Unavailable(description: "no pipe") }
        for descriptor in output { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        let process = try spawn(arguments, descriptors: [(output[1], 1), (output[1], 2)])
        close(output[1])
        let text = await readAll(output[0])
        var status: Int32 = 0
        waitpid(process, &status, 0)
        guard status == 0 else { throw Unavailable(description: "\(arguments.last ?? ""): \(text)") }
        return text
    }

    @discardableResult
    private static func spawn(_ arguments: [String], descriptors: [(Int32, Int32)]) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (from, to) in descriptors { posix_spawn_file_actions_adddup2(&actions, from, to) }
        let pointers = arguments.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        var process: pid_t = 0
        guard posix_spawn(&process, arguments[0], &actions, nil, pointers + [nil], environ) == 0 else {
            throw Unavailable(description: "\(arguments[0]) could not be started")
        }
        return process
    }

    /// Reads everything up to the end, on a separate thread.
    private static func readAll(_ descriptor: Int32) async -> String {
        await withCheckedContinuation { continuation in
            PostgresPrograms.onThread {
                var bytes: [UInt8] = []
                var block = [UInt8](repeating: 0, count: 4_096)
                while true {
                    let count = read(descriptor, &block, block.count)
                    if count < 0, errno == EINTR { continue }
                    if count <= 0 { break }
                    bytes += block[..<count]
                }
                close(descriptor)
                continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
            }
        }
    }
}

/// The programs of PostgreSQL in the directories of Debian.
package enum PostgresPrograms {
    /// The directory of the newest version that is installed.
    static func find() throws -> String {
        let root = "/usr/lib/postgresql"
        var versions: [Int] = []
        if let directory = opendir(root) {
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if let version = Int(name), access("\(root)/\(name)/bin/initdb", X_OK) == 0 {
                    versions.append(version)
                }
            }
            closedir(directory)
        }
        guard let newest = versions.max() else {
            throw PostgresServer.Unavailable(
                description:
                    "PostgreSQL is not installed: there is no \(root)/…/bin/initdb. Run script/setup test.")
        }
        return "\(root)/\(newest)/bin"
    }

    /// Runs a blocking body on a thread of its own.
    package static func onThread(_ body: @escaping @Sendable () -> Void) {
        final class Box {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(Box(body))
        let code = pthread_create(
            &thread, nil,
            { argument in
                Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue().body()
                return nil
            }, argument.toOpaque())
        precondition(code == 0, "no thread")
        pthread_detach(thread)
    }
}
