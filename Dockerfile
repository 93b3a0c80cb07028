# The policy desk for a team:
#   docker build -t bordersim .
#   docker run -p 127.0.0.1:8642:8642 -v bordersim:/data bordersim --token A_LONG_SECRET
# For other machines put a server that speaks HTTPS in front of it: the token travels as it is.
FROM python:3.13-slim
WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY sim sim
COPY calibration calibration
COPY scenarios scenarios
RUN pip install --no-cache-dir --constraint constraints.txt '.[app]' \
    && useradd --create-home desk && mkdir /data && chown desk /data
USER desk
# The model is compiled here, and not when the first person waits.
RUN python -m sim.world.compilation
EXPOSE 8642
ENTRYPOINT ["bordersim", "app", "--host", "0.0.0.0", "--no-browser", "--out", "/data"]
