import FoundationEssentials

@main struct Main {
    static func main() async throws {
        let task = Task.immediate { 1 }
        print(await task.value, try JSONEncoder().encode(["a": 1]).count)
    }
}
