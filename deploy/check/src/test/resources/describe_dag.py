"""Prints as JSON what a DAG file holds and what one run of it does.

Usage: describe_dag.py AIRFLOW-VERSION DAG-FILE RUN-ID PARAMS-AS-JSON
"""

import json
import py_compile
import runpy
import sys
import types

import stub_airflow

version, dag_file, run_id, given = int(sys.argv[1]), sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
stub_airflow.install(version)
# The manifests are given as JSON, which is YAML too.
sys.modules["yaml"] = types.SimpleNamespace(safe_load=json.loads)

py_compile.compile(dag_file, doraise=True, cfile=sys.argv[0] + "c")
dag = runpy.run_path(dag_file)["dag"]
params = {name: param.default for name, param in dag.params.items()}
assert given.keys() <= params.keys(), given
params.update(given)


class Params(dict):
    """Jinja finds keys after a dot, too."""

    __getattr__ = dict.__getitem__


def described(task, map_index):
    ti = types.SimpleNamespace(task_id=task.task_id, map_index=map_index)
    context = {**dag.user_defined_macros, "params": Params(params), "run_id": run_id, "ti": ti}
    return {
        "task": task.task_id,
        "mapIndex": map_index,
        "operator": task.operator,
        "upstream": sorted(task.upstream),
        "retries": task.retries,
        "inlets": [asset.uri for asset in task.inlets],
        "outlets": [asset.uri for asset in task.outlets],
        **(task.describe(context) if hasattr(task, "describe") else {"result": task.call(context)}),
    }


tasks = []
for task in dag.tasks.values():
    copies = range(len(params["optimizers"])) if task.group else [-1]
    tasks += [described(task, map_index) for map_index in copies]

json.dump(
    {
        "dag": dag.dag_id,
        "schedule": [asset.uri for asset in dag.schedule.assets],
        "catchup": dag.catchup,
        "maxActiveRuns": dag.max_active_runs,
        "params": {name: param.schema for name, param in dag.params.items()},
        "tasks": tasks,
    },
    sys.stdout,
)
