"""One job that drains many rows against one RQ job per message: what the design is for."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from policy.terms import Lane
from tests.bot.valkey import Valkey
from tests.campaigns.scale import Campaign
from tests.notifications.house import House

PER_JOB = """
import sys, time
from redis import Redis
from rq import Queue, Worker
connection = Redis.from_url(sys.argv[1])
queue = Queue("per-job", connection=connection)
for _ in range(int(sys.argv[2])):
    queue.enqueue("operator.add", args=(1, 2), result_ttl=0)
begun = time.perf_counter()
Worker([queue], connection=connection).work(burst=True, logging_level="CRITICAL")
print(int(sys.argv[2]) / (time.perf_counter() - begun))
"""


@pytest.mark.campaign
def test_draining_rows_is_ten_times_as_fast_as_a_job_per_message(campaign: Campaign, quiet_house: House) -> None:
    valkey = Valkey()
    valkey.start()
    jobs = campaign.size(500)
    done = subprocess.run(
        [sys.executable, "-c", PER_JOB, valkey.url, str(jobs)], capture_output=True, text=True, check=True
    )
    valkey.close()
    per_job = float(done.stdout.split()[-1])
    count = campaign.size(5000)
    for index in range(count):
        quiet_house.promise(f"member{index}", f"第 {index} 条")
    begun = time.perf_counter()
    while quiet_house.courier.drain(Lane.DEFAULT):
        pass
    drained = count / (time.perf_counter() - begun)
    assert quiet_house.states() == {"sent": count}
    assert drained > 10 * per_job
    campaign.found(rows_a_second=round(drained), jobs_a_second=round(per_job), factor=round(drained / per_job, 1))
