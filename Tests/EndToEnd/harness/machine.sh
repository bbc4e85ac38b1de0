#!/bin/sh
# Boots a systemd on the files of this machine, copy on write, in namespaces of its own; see machine.py.
#
#   unshare --mount --propagation private sh machine.sh boot DIRECTORY SHARED
#
# DIRECTORY is for its mounts; SHARED appears inside as /mnt. Prints the process id of its systemd, and ends it when
# standard input ends. Needs the capabilities of root; leaves nothing behind.
set -eu

boot() {
    directory=$1
    mount -t tmpfs -o mode=0755 machine "$directory"
    mkdir "$directory/changes" "$directory/work" "$directory/root" "$directory/cgroup"
    # Without a control group of its own, systemd would take over the present one.
    mount -t cgroup2 cgroup2 "$directory/cgroup"
    ours=$directory/cgroup$(sed --quiet 's/^0:://p' /proc/self/cgroup)
    group=$ours/tessera-machine-$$
    mkdir "$group"
    echo $$ >"$group/cgroup.procs"
    unshare --pid --fork --kill-child --mount --uts --ipc --net --cgroup sh "$0" run "$directory" "$2" &
    echo $$ >"$ours/cgroup.procs"
    cat >/dev/null
    # The child of `unshare`, which then ends by itself and leaves no zombie.
    if [ -e "$directory/pid" ]; then kill -KILL "$(cat "$directory/pid")"; else kill $!; fi
    wait $! || true
    # The kernel needs a moment to end the last process.
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        if find "$group" -depth -type d -exec rmdir {} + 2>/dev/null; then return; fi
        sleep 0.2
    done
    echo "machine.sh: $group is still in use" >&2
    return 1
}

run() {
    read -r pid _ </proc/self/stat
    cd "$1"
    echo "$pid" >pid
    mount -t overlay -o lowerdir=/,upperdir=changes,workdir=work overlay root
    cd root
    mount --bind "$2" mnt
    mount -t proc proc proc
    # Settings there would apply to the whole machine.
    mount --bind proc/sys proc/sys
    mount -o remount,bind,ro proc/sys
    mount -t sysfs -o ro sysfs sys
    mount -t cgroup2 cgroup2 sys/fs/cgroup
    mount -t tmpfs -o mode=0755 run run
    mount -t tmpfs -o mode=1777 tmp tmp
    mount -t tmpfs -o mode=0755 dev dev
    mkdir dev/pts dev/shm
    mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
    mount -t tmpfs -o mode=1777 shm dev/shm
    ln -s pts/ptmx dev/ptmx
    ln -s /proc/self/fd dev/fd
    for device in null zero full random urandom tty; do
        : >"dev/$device"
        mount --bind "/dev/$device" "dev/$device"
    done
    # As on a booted machine: container images forbid starting services.
    rm -f usr/sbin/policy-rc.d
    echo "127.0.0.1 tokens.example.com" >>etc/hosts
    mount --move . /
    echo "$pid"
    exec setpriv --bounding-set=-sys_module,-sys_time,-sys_rawio \
        env -i container=tessera PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        chroot . /lib/systemd/systemd --system --unit=sysinit.target --log-target=journal --show-status=no
}

"$@"
