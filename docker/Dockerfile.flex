# The image that a flex template launches: the workers' own, with Google's launcher for Python.
ARG IMAGE
ARG LAUNCHER=gcr.io/dataflow-templates-base/python311-template-launcher-base:20230622_RC00
FROM ${LAUNCHER} AS launcher

FROM ${IMAGE}
COPY --from=launcher /opt/google/dataflow/python_template_launcher /opt/google/dataflow/python_template_launcher
COPY pipeline/programs/dataflow_launcher.py /template/launch.py
ENV FLEX_TEMPLATE_PYTHON_PY_FILE=/template/launch.py
ENTRYPOINT ["/opt/google/dataflow/python_template_launcher"]
