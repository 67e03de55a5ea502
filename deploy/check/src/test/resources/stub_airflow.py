"""As much of Airflow as a DAG file needs to be read and its tasks rendered, under the module names of version 2 or 3.

It is strict where the real one is: operators take the arguments that theirs take, and only template fields are
rendered. Signatures, template fields and the order of spark-submit's options were read in the providers' sources as they
were in 2026.
"""

import re
import sys
import types

BASE_ARGUMENTS = {"task_id", "inlets", "outlets"}


class Asset:
    def __init__(self, uri):
        assert uri.isascii() and ":" in uri, uri
        self.uri = uri

    def __or__(self, other):
        return AnyOf(self, other)


class AnyOf:
    def __init__(self, *assets):
        self.assets = assets


class Param:
    def __init__(self, default, *, description=None, **schema):
        unknown = schema.keys() - {"type", "items", "minItems", "uniqueItems", "minimum"}
        assert not unknown, unknown
        self.default = default
        self.schema = schema


class Dag:
    current = None

    def __init__(
        self,
        dag_id,
        *,
        description,
        doc_md,
        schedule,
        start_date,
        catchup,
        max_active_runs,
        default_args,
        params,
        user_defined_macros,
        tags,
    ):
        self.__dict__.update({name: value for name, value in locals().items() if name != "self"})
        self.tasks = {}

    def __enter__(self):
        Dag.current = self
        return self

    def __exit__(self, *failure):
        Dag.current = None


class Node:
    """What can stand beside >>."""

    def __rshift__(self, other):
        for leaf in self.leaves():
            for root in other.roots():
                root.upstream.add(leaf.task_id)
        return other


class Operator(Node):
    template_fields = ()

    def __init__(self, task_id, *, inlets=(), outlets=()):
        dag = Dag.current
        group = Group.current
        self.dag = dag
        self.group = group
        self.task_id = f"{group.name}.{task_id}" if group else task_id
        assert self.task_id not in dag.tasks, self.task_id
        self.inlets = inlets
        self.outlets = outlets
        self.upstream = set()
        self.retries = dag.default_args["retries"]
        dag.tasks[self.task_id] = self
        if group:
            group.tasks.append(self)

    def leaves(self):
        return [self]

    roots = leaves

    def note_upstream(self):
        for field in self.template_fields:
            value = getattr(self, field)
            if isinstance(value, XCom):
                self.upstream.add(value.operator.task_id)

    def rendered(self, context):
        return {field: render(getattr(self, field), context) for field in self.template_fields}


def render(value, context):
    if isinstance(value, (XCom, GroupArgument)):
        return value.resolve(context)
    if isinstance(value, dict):
        return {key: render(item, context) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [render(item, context) for item in value]
    if isinstance(value, str):
        # The expressions in use are the same in Jinja and Python.
        return re.sub(r"{{(.*?)}}", lambda found: str(eval(found[1].strip(), {}, context)), value)
    return value


class XCom(Node):
    """What a task returns."""

    def __init__(self, operator, key=None):
        self.operator = operator
        self.key = key

    def __getitem__(self, key):
        assert self.operator.multiple_outputs, "only a task with multiple outputs has keys"
        return XCom(self.operator, key)

    def resolve(self, context):
        result = self.operator.call(context)
        return result if self.key is None else result[self.key]

    def leaves(self):
        return [self.operator]

    roots = leaves


class PythonTask(Operator):
    operator = "PythonOperator"

    def __init__(self, function, multiple_outputs):
        super().__init__(function.__name__)
        self.function = function
        self.multiple_outputs = multiple_outputs

    def call(self, context):
        names = self.function.__code__.co_varnames[: self.function.__code__.co_argcount]
        return self.function(**{name: context[name] for name in names})


def task(function=None, *, multiple_outputs=False):
    def decorated(function):
        return lambda: XCom(PythonTask(function, multiple_outputs))

    return decorated(function) if function else decorated


class GroupArgument:
    def __init__(self, group, name):
        self.group = group
        self.name = name

    def resolve(self, context):
        return self.group.source.resolve(context)[context["ti"].map_index][self.name]


class Group(Node):
    current = None

    def __init__(self, function):
        self.function = function
        self.name = function.__name__
        self.tasks = []

    def expand_kwargs(self, source):
        # Airflow maps over what a task returns as a whole.
        assert source.key is None
        self.source = source
        names = self.function.__code__.co_varnames[: self.function.__code__.co_argcount]
        Group.current = self
        self.function(**{name: GroupArgument(self, name) for name in names})
        Group.current = None
        for member in self.tasks:
            member.upstream.add(source.operator.task_id)
        return self

    def roots(self):
        inside = {member.task_id for member in self.tasks}
        return [member for member in self.tasks if not member.upstream & inside]

    def leaves(self):
        followed = set().union(*(member.upstream for member in self.tasks))
        return [member for member in self.tasks if member.task_id not in followed]


class SparkSubmitOperator(Operator):
    operator = "SparkSubmitOperator"
    template_fields = (
        "application",
        "conf",
        "files",
        "py_files",
        "jars",
        "driver_class_path",
        "packages",
        "exclude_packages",
        "keytab",
        "principal",
        "proxy_user",
        "name",
        "application_args",
        "env_vars",
        "properties_file",
    )

    def __init__(
        self, *, application, conf, conn_id, java_class, name, application_args, properties_file=None, **base
    ):
        assert base.keys() <= BASE_ARGUMENTS, base
        super().__init__(**base)
        for field in SparkSubmitOperator.template_fields:
            setattr(self, field, None)
        self.application = application
        self.conf = conf
        self.name = name
        self.application_args = application_args
        self.properties_file = properties_file
        self._conn_id = conn_id
        self._java_class = java_class
        self.note_upstream()

    def describe(self, context):
        fields = self.rendered(context)
        command = ["spark-submit", "--master", "MASTER"]
        for key, value in fields["conf"].items():
            command += ["--conf", f"{key}={value}"]
        if fields["properties_file"]:
            command += ["--properties-file", fields["properties_file"]]
        command += ["--name", fields["name"], "--class", self._java_class]
        command += [fields["application"], *fields["application_args"]]
        return {"connection": fields.get("_conn_id", self._conn_id), "command": command}


class SparkKubernetesOperator(Operator):
    operator = "SparkKubernetesOperator"
    template_fields = ("application_file", "namespace", "template_spec", "kubernetes_conn_id")

    def __init__(self, *, application_file, namespace, kubernetes_conn_id, **base):
        assert base.keys() <= BASE_ARGUMENTS, base
        super().__init__(**base)
        self.application_file = application_file
        self.namespace = namespace
        self.template_spec = None
        self.kubernetes_conn_id = kubernetes_conn_id
        self.note_upstream()

    def describe(self, context):
        fields = self.rendered(context)
        return {
            "connection": fields["kubernetes_conn_id"],
            "namespace": fields["namespace"],
            "application": fields["application_file"],
        }


def install(version):
    """Makes the names importable."""
    common = {"DAG": Dag, "Param": Param, "task": task, "task_group": Group}
    if version == 3:
        modules = {"airflow": {}, "airflow.sdk": {**common, "Asset": Asset}}
    else:
        modules = {
            "airflow": {"DAG": Dag},
            "airflow.datasets": {"Dataset": Asset},
            "airflow.decorators": {"task": task, "task_group": Group},
            "airflow.models": {},
            "airflow.models.param": {"Param": Param},
        }
    spark = "airflow.providers.apache.spark.operators.spark_submit"
    kubernetes = "airflow.providers.cncf.kubernetes.operators.spark_kubernetes"
    modules[spark] = {"SparkSubmitOperator": SparkSubmitOperator}
    modules[kubernetes] = {"SparkKubernetesOperator": SparkKubernetesOperator}
    for name in (spark, kubernetes):
        parts = name.split(".")
        for end in range(2, len(parts)):
            modules.setdefault(".".join(parts[:end]), {})
    for name, members in modules.items():
        module = types.ModuleType(name)
        module.__path__ = []
        module.__dict__.update(members)
        sys.modules[name] = module
