import TesseraCore
import TesseraHosting
import Testing

@testable import TesseraServer

@Suite struct StoreMetricsTests {
    private func samples(_ traffic: StoreTraffic) -> [String] {
        let registry = MetricsRegistry()
        registry.add { Lifecycle.metrics(of: traffic) }
        return registry.text().split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }

    @Test func everythingThatIsKnownIsToldOnce() {
        var traffic = StoreTraffic()
        traffic.connections = .init(open: 2, limit: 4)
        traffic.reads = .init(waiting: 1, groupsUnderWay: 3, handedOver: 70, groups: 9)
        traffic.changes = .init(waiting: 5, groupsUnderWay: 1, handedOver: 60, groups: 8)
        traffic.refusals = 7
        traffic.reconnections = .init(forRequests: 6, forChanges: 2)
        traffic.notificationLag = .milliseconds(2)
        traffic.clockLead = .milliseconds(-1_500)
        #expect(
            samples(traffic) == [
                "tessera_store_connections_open 2", "tessera_store_connections_limit 4",
                #"tessera_store_requests_waiting{kind="read"} 1"#,
                #"tessera_store_requests_waiting{kind="change"} 5"#,
                #"tessera_store_groups_under_way{kind="read"} 3"#,
                #"tessera_store_groups_under_way{kind="change"} 1"#,
                #"tessera_store_requests_total{kind="read"} 70"#,
                #"tessera_store_requests_total{kind="change"} 60"#,
                #"tessera_store_groups_total{kind="read"} 9"#,
                #"tessera_store_groups_total{kind="change"} 8"#,
                "tessera_store_requests_refused_total 7",
                #"tessera_store_reconnections_total{for="requests"} 6"#,
                #"tessera_store_reconnections_total{for="notifications"} 2"#,
                "tessera_store_notification_lag_seconds 0.002", "tessera_database_clock_ahead_seconds -1.5",
            ])
    }

    @Test func whatBecomesOfLookUpsAtAReplicaIsTold() {
        var traffic = StoreTraffic()
        var lookUps = StoreTraffic.Replica.LookUps()
        lookUps.answered = 5
        lookUps.notFound = 4
        lookUps.behind = 3
        lookUps.failed = 2
        lookUps.unheard = 1
        traffic.replica = .init(isUsed: true, lookUps: lookUps, bytesBehind: nil)
        let told = [
            "tessera_store_replica_used 1",
            #"tessera_store_replica_lookups_total{outcome="answered"} 5"#,
            #"tessera_store_replica_lookups_total{outcome="not_found"} 4"#,
            #"tessera_store_replica_lookups_total{outcome="behind"} 3"#,
            #"tessera_store_replica_lookups_total{outcome="failed"} 2"#,
            #"tessera_store_replica_lookups_total{outcome="unheard"} 1"#,
        ]
        #expect(samples(traffic) == told)
        traffic.replica?.bytesBehind = 7
        #expect(samples(traffic) == told + ["tessera_store_replica_behind_bytes 7"])
    }

    @Test func whatAStoreDoesNotKnowIsLeftOut() {
        var traffic = StoreTraffic()
        traffic.changes = .init(waiting: 0, handedOver: 3, groups: 2)
        #expect(
            samples(traffic) == [
                #"tessera_store_requests_waiting{kind="change"} 0"#,
                #"tessera_store_requests_total{kind="change"} 3"#,
                #"tessera_store_groups_total{kind="change"} 2"#,
            ])
        #expect(samples(StoreTraffic()).isEmpty)
    }
}
