"""From a genome to a comparison of optimizers, by DNA-LLaMA3 on Spark.

ingest, audit, pre-train, then for each optimizer fine-tune and evaluate, and last compare. Each job finds out by itself
whether its output is already made from the same inputs and settings, and goes on with what a failed attempt has left; so
retries are safe, and a run brings up to date what new inputs have made stale, and nothing else.

The folder holds inputs and outputs:

    genome/ promoters/                      the inputs, whose datasets start a run
    shards/ audit/ pretrained/              each with a manifest.json, which is the dataset of the task that makes it
    finetuned-OPTIMIZER/ evaluation-OPTIMIZER/ comparison/

What the deployment settles is read from the environment of scheduler and workers:

    DNALLAMA_FOLDER    where all of that lies, such as s3a://bucket/dna-llama or hdfs:///dna-llama
    DNALLAMA_OPERATOR  spark-submit (default) or kubernetes, for the Spark operator
    DNALLAMA_JARS      folder of the *-spark.jar files, as the cluster can read it; default /opt/dna-llama/jobs
    DNALLAMA_MANIFESTS folder of the spark-application-*.yaml files; default: kubernetes/ beside this file's folder

No secret is in here: Airflow's connections hold them, and Kubernetes' secrets.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from datetime import datetime, timedelta
from pathlib import Path

try:
    from airflow.sdk import DAG, Asset, Param, task, task_group
except ImportError:  # Airflow 2
    from airflow import DAG
    from airflow.datasets import Dataset as Asset
    from airflow.decorators import task, task_group
    from airflow.models.param import Param

VERSION = "0.1.0-SNAPSHOT"
FOLDER = os.environ.get("DNALLAMA_FOLDER", "hdfs:///dna-llama").rstrip("/")
OPERATOR = os.environ.get("DNALLAMA_OPERATOR", "spark-submit")
# Kubernetes' pods find them in the image.
JARS = os.environ.get("DNALLAMA_JARS", ("local://" if OPERATOR == "kubernetes" else "") + "/opt/dna-llama/jobs")
MANIFESTS = os.environ.get("DNALLAMA_MANIFESTS", str(Path(__file__).parent.parent / "kubernetes"))

# Job module and main class of each step.
INGEST = ("genome-ingest", "org.dnallama.ingest.IngestMain")
TRAINING = ("training-job", "org.dnallama.training.TrainingMain")
EVALUATION = ("eval-job", "org.dnallama.evaluation.EvaluationMain")
STEPS = {
    "ingest": INGEST,
    "audit": INGEST,
    "pretrain": TRAINING,
    "finetune": TRAINING,
    "evaluate": EVALUATION,
    "compare": EVALUATION,
}

# What the jobs need of Java beyond what Spark asks for by itself.
JAVA_OPTIONS = "--add-modules=jdk.incubator.vector"


def place(*names: str) -> str:
    return "/".join([FOLDER, *names])


def manifest(output: str) -> Asset:
    return Asset(place(output, "manifest.json"))


def job_name(step: str, run_id: str, map_index: int = -1) -> str:
    """A name for one job of one run: letters, digits and hyphens, at most 45, so that Kubernetes can append to it."""
    if map_index >= 0:
        step = f"{step}-{map_index}"
    readable = re.sub("[^a-z0-9]+", "-", f"{step}-{run_id}".lower())[:36].strip("-")
    return f"{readable}-{hashlib.sha256(f'{step} {run_id}'.encode()).hexdigest()[:8]}"


def arguments(step: str, params: dict, settings: dict) -> list[str]:
    """The words after the main class."""
    if STEPS[step] is TRAINING:
        settings = {**settings, "cluster.ranks": params["ranks"]}
    words = [step, "--conf", params["conf"], "--overwrite"]
    for key, value in settings.items():
        words += ["--set", f"{key}={json.dumps(value) if isinstance(value, list) else value}"]
    return words


def single_steps(params: dict) -> dict[str, list[str]]:
    """Arguments of the steps that are there once."""
    settings = {
        "ingest": {"ingest.fasta": params["genome"], "ingest.output": place("shards")},
        "audit": {
            "audit.data": params["promoters"],
            "audit.genome": place("shards"),
            "audit.clean.write": "true",
            "audit.output": place("audit"),
        },
        "pretrain": {
            "pretrain.shards": place("shards"),
            "pretrain.heldOut.data": params["promoters"],
            "pretrain.output": place("pretrained"),
        },
        "compare": {
            "compare.evaluations": [place(f"evaluation-{optimizer}") for optimizer in params["optimizers"]],
            "compare.output": place("comparison"),
        },
    }
    return {step: arguments(step, params, of_step) for step, of_step in settings.items()}


def steps_of(optimizer: str, params: dict) -> dict[str, list[str]]:
    """Arguments of the steps that each optimizer has."""
    data_set = params["promoters"].rstrip("/").rsplit("/", 1)[-1]
    settings = {
        "finetune": {
            "finetune.training.optimizer": optimizer,
            "finetune.from": place("pretrained"),
            # Without the rows that leak into test.
            "finetune.data": place("audit", "cleaned", data_set),
            "finetune.output": place(f"finetuned-{optimizer}"),
        },
        "evaluate": {
            "evaluate.model": place(f"finetuned-{optimizer}"),
            "evaluate.data": params["promoters"].rstrip("/") + "/test.csv",
            "evaluate.output": place(f"evaluation-{optimizer}"),
        },
    }
    return {step: arguments(step, params, of_step) for step, of_step in settings.items()}


if OPERATOR == "spark-submit":
    from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

    class SubmittedJob(SparkSubmitOperator):
        """Takes its connection from the run's parameters."""

        template_fields = (*SparkSubmitOperator.template_fields, "_conn_id")

    def planned(step: str, name: str, words: list[str], params: dict) -> list[str]:
        """What the operator is given: the arguments."""
        return words

    def job(step: str, planned_job, **options) -> SubmittedJob:
        module, java_class = STEPS[step]
        conf = {
            "spark.driver.defaultJavaOptions": JAVA_OPTIONS,
            # Each executor unpacks native libraries into its own folder.
            "spark.executor.defaultJavaOptions": JAVA_OPTIONS + " -Dorg.bytedeco.javacpp.cachedir=./javacpp",
            "spark.executorEnv.OMP_NUM_THREADS": "1",
            "spark.executor.cores": "{{ params.cores }}",
        }
        if STEPS[step] is TRAINING:
            # All ranks start in one barrier stage, and each computes on all cores of its executor.
            conf["spark.executor.instances"] = "{{ params.ranks }}"
            conf["spark.task.cpus"] = "{{ params.cores }}"
            conf["spark.dynamicAllocation.enabled"] = "false"
        return SubmittedJob(
            task_id=step,
            name="{{ job_name(ti.task_id, run_id, ti.map_index) }}",
            application=f"{JARS}/{module}-{VERSION}-spark.jar",
            java_class=java_class,
            application_args=planned_job,
            conn_id="{{ params.connection }}",
            properties_file="{{ params.properties }}",
            conf=conf,
            **options,
        )

elif OPERATOR == "kubernetes":
    import yaml
    from airflow.providers.cncf.kubernetes.operators.spark_kubernetes import SparkKubernetesOperator

    def planned(step: str, name: str, words: list[str], params: dict) -> str:
        """What the operator is given: the SparkApplication of the manifests with what is this job's own, as JSON."""
        module, java_class = STEPS[step]
        kind = "train" if STEPS[step] is TRAINING else "data"
        application = yaml.safe_load(Path(MANIFESTS, f"spark-application-{kind}.yaml").read_text())
        application["metadata"]["name"] = name
        spec = application["spec"]
        spec["mainClass"] = java_class
        spec["mainApplicationFile"] = f"{JARS}/{module}-{VERSION}-spark.jar"
        spec["arguments"] = words
        # Airflow tries again by itself.
        spec["restartPolicy"] = {"type": "Never"}
        spec["executor"]["cores"] = params["cores"]
        if kind == "train":
            spec["executor"]["instances"] = params["ranks"]
            spec["sparkConf"]["spark.task.cpus"] = str(params["cores"])
        return json.dumps(application)

    def job(step: str, planned_job, **options) -> SparkKubernetesOperator:
        return SparkKubernetesOperator(
            task_id=step,
            application_file=planned_job,
            namespace="{{ params.namespace }}",
            kubernetes_conn_id="{{ params.connection }}",
            **options,
        )

else:
    raise ValueError(f"DNALLAMA_OPERATOR = {OPERATOR}: must be spark-submit or kubernetes")


@task(multiple_outputs=True)
def plan(params=None, run_id=None) -> dict:
    """What each step is told, by step."""
    return {
        step: planned(step, job_name(step, run_id), words, params) for step, words in single_steps(params).items()
    }


@task
def contestants(params=None, run_id=None) -> list:
    """The same of the steps that each optimizer has, by optimizer."""
    return [
        {
            step: planned(step, job_name(f"{step}-{optimizer}", run_id), words, params)
            for step, words in steps_of(optimizer, params).items()
        }
        for optimizer in params["optimizers"]
    ]


GENOME = Asset(place("genome"))
PROMOTERS = Asset(place("promoters"))


@task_group
def contestant(finetune, evaluate):
    # Airflow knows only datasets that are the same in every run, so these outputs are none; the comparison's manifest
    # names them.
    tuned = job("finetune", finetune, inlets=[manifest("pretrained"), manifest("audit")])
    tuned >> job("evaluate", evaluate, inlets=[PROMOTERS])


with DAG(
    dag_id="dna_llama",
    description="Genome to promoter classifiers, and a comparison of optimizers",
    doc_md=__doc__,
    schedule=GENOME | PROMOTERS,
    start_date=datetime(2026, 1, 1),
    catchup=False,
    # Two runs would write the same folders.
    max_active_runs=1,
    default_args={
        "retries": 3,
        "retry_delay": timedelta(minutes=2),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=30),
    },
    params={
        "genome": Param([place("genome")], type="array", items={"type": "string"}, minItems=1),
        "promoters": Param(place("promoters"), type="string", description="train.csv, dev.csv and test.csv"),
        "conf": Param(
            "/opt/dna-llama/conf/pipeline.conf",
            type="string",
            description="Model and training, in HOCON; a file that the driver sees",
        ),
        "optimizers": Param(
            ["adamw", "kt4"],
            type="array",
            items={"enum": ["adamw", "nadamw", "kt4", "kt4-split", "kt4-classic"]},
            minItems=1,
            uniqueItems=True,
        ),
        "ranks": Param(1, type="integer", minimum=1, description="Executors that train together"),
        "cores": Param(4, type="integer", minimum=1, description="Of each executor"),
        "connection": Param(
            "spark_default" if OPERATOR == "spark-submit" else "kubernetes_default",
            type="string",
            description="Airflow's connection to the cluster",
        ),
        "properties": Param("", type="string", description="A file of Spark properties, for spark-submit"),
        "namespace": Param("dna-llama", type="string", description="Of Kubernetes"),
    },
    user_defined_macros={"job_name": job_name},
    tags=["dna-llama", "spark"],
) as dag:
    steps = plan()
    ingest = job("ingest", steps["ingest"], inlets=[GENOME], outlets=[manifest("shards")])
    audit = job("audit", steps["audit"], inlets=[manifest("shards"), PROMOTERS], outlets=[manifest("audit")])
    pretrain = job("pretrain", steps["pretrain"], inlets=[manifest("shards")], outlets=[manifest("pretrained")])
    compare = job("compare", steps["compare"], outlets=[manifest("comparison")])
    ingest >> audit >> pretrain >> contestant.expand_kwargs(contestants()) >> compare
