"""Convene once a night by Airflow: a template. Adapt the paths and the connection.

The output is that of the interval's date, so that a run that is repeated or caught up has its own; a retry goes on from
the checkpoint of the attempt before it.
"""

from datetime import timedelta

import pendulum
from airflow import DAG
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

CONVENE = "/opt/convene"
RUNS = "hdfs:///models/adult"

with DAG(
    dag_id="convene_nightly",
    schedule="15 2 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
):
    SparkSubmitOperator(
        task_id="train",
        conn_id="spark_default",
        name="convene train",
        application=f"{CONVENE}/jobs/target/convene-jobs-0.1.0.jar",
        java_class="dev.convene.jobs.Main",
        # Deploy mode client: the status and the message are those of the task.
        conf={
            "spark.submit.deployMode": "client",
            "spark.dynamicAllocation.enabled": "false",
            "spark.executor.instances": "4",
            "spark.executor.cores": "4",
            "spark.executor.memory": "8g",
        },
        env_vars={"CONVENE_RUN_ID": "{{ ds }}.{{ ti.try_number }}"},
        application_args=[
            "train",
            f"{CONVENE}/conf/adult.conf",
            "--set",
            f"output.dir={RUNS}/{{date}}",
            "--set",
            "output.date={{ ds }}",
            "--set",
            "output.keep=30",
        ],
        retries=2,
        retry_delay=timedelta(minutes=10),
    )
