"""What users have today: psutil asked for each process by itself, and SQLite with a commit per row.

naive.py DATABASE INTERVAL_SECONDS COUNT_FILE PID...; SIGUSR1 writes the number of finished rounds into COUNT_FILE.
"""

import signal
import sqlite3
import sys
import time

import psutil

database, interval, count_file, *pids = sys.argv[1:]
rounds = 0


def tell(*_):
    with open(count_file, "w", encoding="ascii") as file:
        file.write(str(rounds))


signal.signal(signal.SIGUSR1, tell)
store = sqlite3.connect(database)
store.execute("create table if not exists system (at text, cpu real, memory real, sent integer, received integer)")
store.execute("create table if not exists process (at text, name text, cpu real, memory real, threads integer)")
store.commit()
due = time.monotonic()
while True:
    now = time.strftime("%Y-%m-%dT%H:%M:%S")
    network = psutil.net_io_counters()
    row = (now, psutil.cpu_percent(), psutil.virtual_memory().percent, network.bytes_sent, network.bytes_recv)
    store.execute("insert into system values (?, ?, ?, ?, ?)", row)
    store.commit()
    for pid in pids:
        try:
            process = psutil.Process(int(pid))
            cpu = process.cpu_percent(interval=0.1)
            row = (now, process.name(), cpu, process.memory_info().rss / 2**20, process.num_threads())
        except psutil.Error:
            continue
        store.execute("insert into process values (?, ?, ?, ?, ?)", row)
        store.commit()
    rounds += 1
    # Of twenty processes one round alone takes two seconds, as each is watched for a tenth of one.
    due = max(due + float(interval), time.monotonic())
    time.sleep(max(0.0, due - time.monotonic()))
